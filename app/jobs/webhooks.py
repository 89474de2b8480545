"""Programs are told what they asked to be told."""

from sqlalchemy.orm import Session

from app.jobs.task import task
from app.services import webhooks
from app.services.gateways.hook import Hooks
from config import Settings


class _Office:
    hooks = Hooks()


def use(hooks: Hooks) -> None:
    """Reach programs in this way from now on; at start."""
    _Office.hooks = hooks


def hooks_of(settings: Settings) -> Hooks:
    """How an installation reaches programs."""
    networks = "\n".join(settings.webhook_networks)
    return Hooks(networks=networks, ca_file=settings.gateway_ca, seconds=settings.gateway_seconds)


@task("webhooks.send", cron="* * * * *")
def send(session: Session) -> None:
    """Deliver what is due; every minute."""
    webhooks.send(session, _Office.hooks)
