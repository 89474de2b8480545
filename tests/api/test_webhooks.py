"""Programs are told of revoked certificates: signed, again when it failed, at no inner address unasked."""

import json
from datetime import timedelta

import pytest

from app.database import clock
from app.declare.invalid import Invalid
from app.declare.network import https_address, inner, networks, within
from app.services import certificates, webhooks
from app.services.gateways.hook import Hooks, NotDelivered
from app.services.signing import Signable
from tests import postoffice
from tests.api.test_asking import certified, counted
from tests.services.reviewing import NOW

pytestmark = pytest.mark.usefixtures("today")
__all__ = ["certified", "counted"]


@pytest.fixture
def trust(tmp_path):
    return postoffice.trust(tmp_path)


@pytest.fixture
def listening(trust):
    with postoffice.text_gateway(trust) as taken:
        yield taken


def hooks(trust, networks="127.0.0.0/8"):
    return Hooks(networks=networks, ca_file=trust.certificate, seconds=5)


@pytest.fixture
def told(let_in, listening):
    """The province's system, which is told at an address of this machine."""
    return let_in(webhook_url=f"https://127.0.0.1:{listening.port}/revoked")[0]


def test_a_revoked_certificate_is_told_once_and_signed(
    told, certified, listening, trust, sql, session_for, cast, visit
):
    session = session_for(cast.administrator(1))
    assert webhooks.send(session, hooks(trust)) == 0
    certificates.revoke(session_for(cast.administrator(3)), certified.id, "材料不实")
    assert [webhooks.send(session, hooks(trust)) for _ in range(2)] == [1, 0]
    [(path, headers, body)] = listening.taken
    said = json.loads(body)
    assert said["certificate"] == {
        "number": certified.number, "code": certified.code, "since": 2026, "year": 2026,
        "state": "revoked",
    }  # fmt: skip
    at = str(int(NOW.timestamp()))
    signed = Signable("POST", path, body.encode(), at, said["delivery"], told.key)
    assert headers["Authorization"] == signed.header(told.secret)
    assert sql("SELECT state, attempts, error FROM webhook_delivery") == [("sent", 1, None)]
    [(key,)] = sql("SELECT id FROM api_client")
    page = visit(1, 1).page(f"/api-clients/{key}/use")
    assert "已送达" in page


def test_what_failed_is_sent_again_under_the_same_name_and_given_up_in_the_end(
    told, certified, listening, trust, sql, session_for, cast
):
    certificates.revoke(session_for(cast.administrator(3)), certified.id, "材料不实")
    listening.status = 503
    session = session_for(cast.administrator(1))
    days = timedelta(0)
    for _attempt in range(len(webhooks.PAUSES) + 1):
        with clock.fixed(NOW + days):
            assert webhooks.send(session, hooks(trust)) == 1
            assert webhooks.send(session, hooks(trust)) == 0
        days += timedelta(days=2)
    assert len({json.loads(body)["delivery"] for _path, _headers, body in listening.taken}) == 1
    assert sql("SELECT state, attempts, error FROM webhook_delivery") == [("failed", 7, "HTTP 503")]


def test_an_attempt_that_died_is_made_again(told, certified, listening, trust, sql, session_for, cast):
    certificates.revoke(session_for(cast.administrator(3)), certified.id, "材料不实")
    session = session_for(cast.administrator(1))
    sql("UPDATE webhook_delivery SET state = 'sending', claimed_at = :at", at=NOW - timedelta(minutes=11))
    assert webhooks.send(session, hooks(trust)) == 1
    assert sql("SELECT state FROM webhook_delivery") == [("sent",)]


@pytest.mark.parametrize("allowed", ["", "10.0.0.0/8"])
def test_an_inner_address_is_asked_only_where_the_settings_name_its_network(listening, trust, allowed):
    url = f"https://127.0.0.1:{listening.port}/revoked"
    with pytest.raises(NotDelivered, match="InnerAddress"):
        hooks(trust, allowed).post(url, b"{}", {})
    hooks(trust).post(url, b"{}", {})
    assert len(listening.taken) == 1


def test_a_name_that_leads_inside_is_not_followed(listening, trust):
    with pytest.raises(NotDelivered, match="InnerAddress"):
        hooks(trust, "").post(f"https://localhost:{listening.port}/", b"{}", {})


def test_a_redirection_and_a_stranger_are_no_delivery(listening, trust):
    url = f"https://127.0.0.1:{listening.port}/revoked"
    listening.status = 302
    with pytest.raises(NotDelivered, match="HTTP 302"):
        hooks(trust).post(url, b"{}", {})
    with pytest.raises(NotDelivered, match="SSLCertVerificationError"):
        Hooks(networks="127.0.0.0/8", seconds=5).post(url, b"{}", {})
    assert len(listening.taken) == 1


@pytest.mark.parametrize(
    ("address", "refused"),
    [
        ("10.1.2.3", True), ("169.254.169.254", True), ("127.0.0.1", True), ("::1", True), ("fd00::1", True),
        ("fe80::1%eth0", True), ("::ffff:10.0.0.1", True), ("0.0.0.0", True), ("224.0.0.1", True),
        ("100.64.0.1", True), ("8.8.8.8", False), ("2400:3200::1", False),
    ],
)  # fmt: skip
def test_which_addresses_are_inner_ones(address, refused):
    assert inner(address, "") == refused


def test_networks_are_written_in_any_way_and_kept_in_one():
    assert networks("10.20.1.1/16， 127.0.0.1\n2001:DB8::/32") == "10.20.0.0/16\n127.0.0.1/32\n2001:db8::/32"
    assert within("10.20.255.1", networks("10.20.0.0/16"))
    assert within("::ffff:10.20.0.1", networks("10.20.0.0/16"))
    assert not within("10.21.0.1", networks("10.20.0.0/16"))
    for wrong in ("", "10.20.0.0/33", "hospital", " ".join(["10.0.0.1"] * 21)):
        with pytest.raises(Invalid):
            networks(wrong)


@pytest.mark.parametrize(
    "wrong",
    ["http://a.cn/", "https://", "https://u:p@a.cn/", "https://a.cn/?x=1", "https://a.cn/#x",
     "https://a b.cn", "https://a.cn\\@b.cn/", "https://a.cn:99999/", "https://职称.cn/", "javascript:x"],
)  # fmt: skip
def test_what_is_no_address_to_be_told_at(wrong):
    with pytest.raises(Invalid):
        https_address(wrong)


def test_an_address_to_be_told_at_is_kept_in_one_way():
    assert (
        https_address(" https://Titles.Example.cn:8443/revoked ") == "https://titles.example.cn:8443/revoked"
    )
    assert https_address("https://titles.example.cn") == "https://titles.example.cn/"
