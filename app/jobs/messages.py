"""The outbox is emptied."""

from sqlalchemy.orm import Session

from app.declare.province import province
from app.jobs.task import task
from app.services import outbox
from app.services.gateways import EMAIL, PHONE, Gateway, written
from app.services.gateways.mail import Mail
from app.services.gateways.sms import TextMessages
from app.services.outbox import Post
from config import Settings


class _Office:
    post = Post()


def use(post: Post) -> None:
    """Send by these gateways from now on; at start."""
    _Office.post = post


def post_of(settings: Settings) -> Post:
    """The gateways of an installation. A demo that names none writes everything to a file."""
    return Post(
        gateways=tuple(_gateways(settings)),
        platform=province().platform_name,
        url=settings.url,
        language=settings.default_locale,
    )


def _gateways(settings: Settings) -> list[Gateway]:
    found: list[Gateway] = []
    if settings.smtp_host:
        found.append(
            Mail(
                host=settings.smtp_host,
                port=settings.smtp_port,
                security=settings.smtp_security,
                sender=settings.mail_from,
                user=settings.smtp_user,
                password=settings.smtp_password,
                ca_file=settings.gateway_ca,
                seconds=settings.gateway_seconds,
            )
        )
    if settings.sms_url:
        found.append(
            TextMessages(
                url=settings.sms_url,
                body=settings.sms_body,
                format=settings.sms_format,
                success=settings.sms_success,
                token=settings.sms_token,
                ca_file=settings.gateway_ca,
                seconds=settings.gateway_seconds,
            )
        )
    if not found and settings.demo:
        path = settings.state / written.NAME
        found += [written.Written(channel, path) for channel in (EMAIL, PHONE)]
    return found


@task("messages.send", cron="* * * * *")
def send(session: Session) -> None:
    """Send the messages that are due; every minute, and when somebody waits for one."""
    outbox.send(session, _Office.post)


@task("messages.lose", cron="*/10 * * * *")
def lose(session: Session) -> None:
    """Give up what died while it was sent."""
    outbox.lose(session)
