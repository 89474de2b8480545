"""Networks and addresses on them, as people write them: normalised, or refused with a sentence."""

import ipaddress
import re
from urllib.parse import urlsplit

from app.declare.identity import HALF_WIDTH
from app.declare.invalid import Invalid
from app.declare.words import _

MOST = 20
"""Networks of one list."""

_HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def networks(text: str) -> str:
    """Networks, one on each line, as `10.20.0.0/16`; an address alone is a network of one. Raises Invalid."""
    found = [str(_network(each)) for each in re.split(r"[\s,;，；、]+", text.translate(HALF_WIDTH)) if each]
    if not found or len(found) > MOST:
        raise Invalid(_("Please give one to %(most)d addresses or networks."), most=MOST)
    return "\n".join(dict.fromkeys(found))


def within(address: str, listed: str) -> bool:
    """Whether an address is in one of the networks of a list."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found in ipaddress.ip_network(each) for each in listed.splitlines())


def https_address(text: str) -> str:
    """An address that begins with https://, without a login, a query or a part of a page. Raises Invalid."""
    typed = text.strip()
    try:
        parts = urlsplit(typed)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Invalid(NO_ADDRESS) from None
    plain = typed.isascii() and typed.isprintable() and " " not in typed
    extra = parts.username or parts.password or parts.query or parts.fragment or "\\" in typed
    if not plain or parts.scheme != "https" or extra or not (_HOST.fullmatch(host) or ":" in host):
        raise Invalid(NO_ADDRESS)
    name = f"[{host}]" if ":" in host else host
    return f"https://{name}{f':{port}' if port is not None else ''}{parts.path or '/'}"


NO_ADDRESS = _("Please give an address like https://titles.example.cn/revoked.")


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise Invalid(_("'%(text)s' is no address and no network."), text=text[:40]) from None


def inner(address: str, allowed: str) -> bool:
    """Whether an address is not one of the public network, and in none of the allowed networks."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    public = found.is_global and not found.is_multicast
    return not public and not within(str(found), allowed)
