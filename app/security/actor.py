"""Who acts: an account in one of its appointments, or as the professional it is."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class Actor:
    """The one who acts in a session. Rights of several appointments are never merged.

    `organization_id` and `depth` are empty for a professional, `person_id` for an administrator who acts
    as one (`self_id` then still says which person must not be decided by this actor). `kind` is one of
    declare.access.KINDS; `permissions` are `<table>.<action>`. Two are the same if they may do the same: the
    name and the id of the request, which the audit log wants, make no difference. `department_id` is where he
    works, or the one on whose behalf he acts. `on_behalf` is the name of who has delegated, with that one's
    account and person. `client_id` is the program that asks, which has no permission at all: what it learns
    comes through doors of its own.
    """

    name: str = field(default="", compare=False)
    kind: str = ""
    account_id: int | None = None
    person_id: int | None = None
    self_id: int | None = None
    appointment_id: int | None = None
    organization_id: int | None = None
    depth: int = 0
    department_id: int | None = None
    permissions: frozenset[str] = frozenset()
    request: str = field(default="", compare=False)
    on_behalf: str = ""
    behalf_account: int | None = None
    behalf_person: int | None = None
    client_id: int | None = None

    @property
    def persons(self) -> tuple[int, ...]:
        """The persons about whom this actor decides nothing: himself, and on whose behalf he acts."""
        return tuple(each for each in (self.self_id, self.behalf_person) if each is not None)

    @property
    def accounts(self) -> tuple[int, ...]:
        """The accounts whose submissions this actor does not decide."""
        return tuple(each for each in (self.account_id, self.behalf_account) if each is not None)

    def may(self, permission: str) -> bool:
        """Whether the acting role holds `<table>.<action>`; says nothing about rows."""
        return permission in self.permissions


NOBODY = Actor()


class ActorMissing(RuntimeError):
    """A scoped model was used in a session that does not say who acts."""


def actor_of(session: Session) -> Actor:
    """Who acts in this session. Raises ActorMissing: silence is a refusal."""
    try:
        return session.info["actor"]
    except KeyError:
        raise ActorMissing from None
