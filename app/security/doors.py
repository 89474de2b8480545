"""The named doors through the wall: what must be known without, or beyond, the scope of the one who asks.

Each is one SQL function that runs as the owner and answers one narrow question; the Python function beside it
is its only caller. Tested one by one in tests/security/test_doors.py.
"""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from app.models.placed import ANCESTORS

SESSION = """
CREATE OR REPLACE FUNCTION door_session(token_digest bytea, moment timestamptz, idle_since timestamptz)
RETURNS TABLE (session_id bigint, seen_at timestamptz, account_id int, name text, self_id bigint, must_change boolean,
    appointment_id bigint, organization_id bigint, organization text, organization_state text, depth smallint,
    kind text, permissions text[], posts bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT s.id, s.seen_at, u.id, u.first_name, u.person_id, u.must_change_password,
    a.id, o.id, o.name, o.state, o.depth, coalesce(r.kind, 'person'),
    ARRAY(SELECT v.name || '.' || substr(p.name, 5)
        FROM ab_permission_view_role pr JOIN ab_permission_view pv ON pv.id = pr.permission_view_id
        JOIN ab_permission p ON p.id = pv.permission_id JOIN ab_view_menu v ON v.id = pv.view_menu_id
        WHERE p.name LIKE 'can\\_%' AND pr.role_id = CASE WHEN o.state = 'pending'
            THEN (SELECT role_id FROM role_profile WHERE kind = 'pending' AND organization_id IS NULL)
            ELSE coalesce(a.role_id, (SELECT role_id FROM role_profile WHERE kind = 'person' AND organization_id IS NULL))
            END),
    (SELECT count(*) FROM appointment c WHERE c.account_id = u.id AND c.ends_on IS NULL)
FROM login_session s
JOIN ab_user u ON u.id = s.account_id AND u.epoch = s.epoch AND u.state = 'active' AND u.active
LEFT JOIN appointment a ON a.id = s.appointment_id AND a.account_id = u.id AND a.ends_on IS NULL
LEFT JOIN organization o ON o.id = a.organization_id
LEFT JOIN role_profile r ON r.role_id = a.role_id
WHERE s.token = token_digest AND s.ended_at IS NULL AND s.expires_at > moment AND s.seen_at > idle_since
    AND (s.appointment_id IS NULL OR (a.id IS NOT NULL AND o.state IN ('active', 'pending')))
$$"""

DIRECTORY = """
CREATE OR REPLACE FUNCTION door_directory(words text, kinds text[], most int)
RETURNS TABLE (id bigint, name text, kind text, parent text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT o.id, o.name, o.kind, p.name FROM organization o LEFT JOIN organization p ON p.id = o.parent_id
WHERE o.state = 'active' AND o.kind = ANY (kinds)
    AND (words = '' OR (grams(o.name) @> sought_grams(words) AND strpos(lower(o.name), lower(words)) > 0))
ORDER BY o.depth, o.id LIMIT most $$"""

NAMES = """
CREATE OR REPLACE FUNCTION door_names(ids bigint[])
RETURNS TABLE (id bigint, name text, kind text, parent_id bigint, state text, telephone text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT id, name, kind, parent_id, state, telephone FROM organization WHERE id = ANY (ids) $$"""

LINEAGES = f"""
CREATE OR REPLACE FUNCTION door_lineages(organizations bigint[])
RETURNS TABLE (stands_at bigint, id bigint, name text, kind text, depth smallint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT o.id, u.id, u.name, u.kind, u.depth FROM organization o
JOIN organization u ON u.id IN ({", ".join(f"o.{a}" for a in ANCESTORS)})
WHERE o.id = ANY (organizations) ORDER BY o.id, u.depth DESC $$"""

DECIDERS = """
CREATE OR REPLACE FUNCTION door_deciders(organizations bigint[], noun text, verb text)
RETURNS TABLE (organization_id bigint, account_id int, person_id bigint, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT DISTINCT o.id, u.id, u.person_id, u.first_name FROM appointment a
JOIN ab_user u ON u.id = a.account_id AND u.state = 'active' AND u.active
JOIN organization o ON o.id = a.organization_id AND o.state = 'active'
JOIN ab_permission_view_role pr ON pr.role_id = a.role_id
JOIN ab_permission_view pv ON pv.id = pr.permission_view_id
JOIN ab_permission p ON p.id = pv.permission_id AND p.name = 'can_' || verb
JOIN ab_view_menu v ON v.id = pv.view_menu_id AND v.name = noun
WHERE o.id = ANY (organizations) AND a.ends_on IS NULL $$"""

ADMINISTRATORS = """
CREATE OR REPLACE FUNCTION door_administrators(organization bigint)
RETURNS TABLE (account_id int, name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT u.id, u.first_name FROM appointment a JOIN ab_user u ON u.id = a.account_id AND u.state = 'active'
WHERE a.organization_id = organization AND a.ends_on IS NULL ORDER BY a.super DESC, a.id $$"""

LEVEL = """CASE WHEN o.kind <> 'hr_office' THEN '' WHEN o.depth = 1 THEN 'province'
    WHEN coalesce(o.region_id % 100 = 0, o.depth = 2) THEN 'city' ELSE 'county' END"""
"""The level of an HR office `o`: by its division, where it has one; a county may stand below the province."""

POSTS = f"""
CREATE OR REPLACE FUNCTION door_posts(account int)
RETURNS TABLE (id bigint, organization_id bigint, organization text, state text, kind text, level text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT a.id, o.id, o.name, o.state, r.kind, {LEVEL} FROM appointment a JOIN organization o ON o.id = a.organization_id
JOIN role_profile r ON r.role_id = a.role_id
WHERE a.account_id = account AND a.ends_on IS NULL ORDER BY a.id $$"""

NUMBER = """
CREATE OR REPLACE FUNCTION door_number(index bytea)
RETURNS TABLE (person_id bigint, organization_id bigint, account_id int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT p.id, p.organization_id, u.id FROM person p LEFT JOIN ab_user u ON u.person_id = p.id
WHERE p.id_number_index = index AND p.state <> 'closed' $$"""

HOLDERS = """
CREATE OR REPLACE FUNCTION door_holders(indexes bytea[])
RETURNS TABLE (held bytea, person_id bigint, organization_id bigint, name text, account_id int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT p.id_number_index, p.id, p.organization_id, p.name, u.id
FROM person p LEFT JOIN ab_user u ON u.person_id = p.id
WHERE p.id_number_index = ANY (indexes) AND p.state <> 'closed' $$"""

CREDIT_CODE = """
CREATE OR REPLACE FUNCTION door_credit_code(code text, besides bigint)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT EXISTS (SELECT 1 FROM organization
    WHERE credit_code = code AND state IN ('pending', 'active') AND id IS DISTINCT FROM besides) $$"""

APPLICANT = """
CREATE OR REPLACE FUNCTION door_applicant(index bytea)
RETURNS TABLE (id bigint, password text, organization_id bigint, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT id, password, organization_id, state FROM registration
WHERE id_number_index = index AND state IN ('pending', 'rejected') ORDER BY id DESC LIMIT 1 $$"""

RECEIPT = """
CREATE OR REPLACE FUNCTION door_receipt(digest bytea)
RETURNS TABLE (registration_id bigint, organization_id bigint, state text, review_id bigint, version int,
    waiting_id bigint, submitted_at timestamptz, decided_at timestamptz, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT g.id, g.organization_id, g.state, v.id, v.version, v.waiting_id, v.submitted_at, v.decided_at,
    (SELECT d.reason FROM decision d WHERE d.review_id = v.id ORDER BY d.id DESC LIMIT 1)
FROM registration g JOIN review v ON v.subject = 'registration' AND v.subject_id = g.id
WHERE g.receipt = digest $$"""

VERDICT = """
CREATE OR REPLACE FUNCTION door_verdict(noun text, wanted bigint)
RETURNS TABLE (review_id bigint, kind text, version int, state text, waiting_id bigint,
    submitted_at timestamptz, decided_at timestamptz, reason_key text, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT v.id, v.kind, v.version, v.state, v.waiting_id, v.submitted_at, v.decided_at, d.reason_key, d.reason
FROM review v LEFT JOIN decision d ON d.review_id = v.id
WHERE v.subject = noun AND v.subject_id = wanted ORDER BY v.id DESC, d.id DESC LIMIT 1 $$"""

CERTIFICATE = """
CREATE OR REPLACE FUNCTION door_certificate(sought text)
RETURNS TABLE (number text, state text, content jsonb, digest text, issued_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT number, state, content, digest, issued_at FROM certificate WHERE code = sought $$"""

SHELVED = """
CREATE OR REPLACE FUNCTION door_shelved(names uuid[])
RETURNS TABLE (uid uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT uid FROM attachment WHERE uid = ANY (names)
UNION SELECT uid FROM import_batch WHERE uid = ANY (names) AND state = 'reading' $$"""

EPOCHS = (
    """
CREATE OR REPLACE FUNCTION raise_epoch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.password, NEW.state, NEW.active) IS DISTINCT FROM (OLD.password, OLD.state, OLD.active) THEN
        NEW.epoch := OLD.epoch + 1;
    END IF;
    RETURN NEW;
END $$""",
    "DROP TRIGGER IF EXISTS raise_epoch ON ab_user",
    """
CREATE TRIGGER raise_epoch BEFORE UPDATE ON ab_user FOR EACH ROW EXECUTE FUNCTION raise_epoch()""",
    """
CREATE OR REPLACE FUNCTION raise_epoch_of_post() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    UPDATE ab_user SET epoch = epoch + 1 WHERE id = OLD.account_id;
    RETURN NULL;
END $$""",
    "DROP TRIGGER IF EXISTS raise_epoch_of_post ON appointment",
    """
CREATE TRIGGER raise_epoch_of_post AFTER UPDATE OR DELETE ON appointment
FOR EACH ROW EXECUTE FUNCTION raise_epoch_of_post()""",
)

DOORS = (
    SESSION, DIRECTORY, NAMES, LINEAGES, DECIDERS, ADMINISTRATORS, POSTS, NUMBER, HOLDERS, CREDIT_CODE,
    APPLICANT, RECEIPT, VERDICT, CERTIFICATE, SHELVED,
)  # fmt: skip


def statements() -> Iterator[str]:
    """The doors and the triggers that end sessions; each may be run again."""
    for door in DOORS:
        head, _, body = door.partition("RETURNS")
        name = head.split("FUNCTION", 1)[1].strip()
        yield f"DROP FUNCTION IF EXISTS {name.replace('(', '(', 1)}"
        yield f"{head}RETURNS{body}"
        yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {name} TO xueshi_app"
    yield from EPOCHS


def _rows(session: Session, call: str, **words: Any) -> list[Row[Any]]:
    return list(session.execute(text(f"SELECT * FROM {call}"), words))


def who(session: Session, token: bytes, moment: Any, idle_since: Any) -> Row[Any] | None:
    """The account, appointment, organisation and permissions of a live session, in one statement."""
    found = _rows(
        session, "door_session(:token, :moment, :idle)", token=token, moment=moment, idle=idle_since
    )
    return found[0] if found else None


def directory(session: Session, words: str, kinds: Iterable[str], most: int = 20) -> list[Row[Any]]:
    """Active organisations whose name contains the words: what anybody may know before registering."""
    return _rows(session, "door_directory(:words, :kinds, :most)", words=words, kinds=list(kinds), most=most)


def names(session: Session, ids: Iterable[int | None]) -> dict[int, Row[Any]]:
    """Name, kind, parent, state and telephone of organisations, by id: public facts."""
    wanted = sorted({i for i in ids if i is not None})
    return {row.id: row for row in _rows(session, "door_names(:ids)", ids=wanted)} if wanted else {}


def lineages(session: Session, organizations: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """Of each organisation itself and everything above it, nearest first."""
    found: dict[int, list[Row[Any]]] = {}
    for row in _rows(session, "door_lineages(:ids)", ids=sorted(set(organizations))):
        found.setdefault(row.stands_at, []).append(row)
    return found


def lineage(session: Session, organization: int) -> list[Row[Any]]:
    """The organisation and everything above it, nearest first."""
    return lineages(session, [organization]).get(organization, [])


def deciders(session: Session, organizations: Iterable[int], permission: str) -> dict[int, list[Row[Any]]]:
    """Who may decide at each of these organisations, with the person that each account is."""
    noun, _, verb = permission.partition(".")
    found: dict[int, list[Row[Any]]] = {}
    ids = sorted(set(organizations))
    for row in _rows(session, "door_deciders(:ids, :noun, :verb)", ids=ids, noun=noun, verb=verb):
        found.setdefault(row.organization_id, []).append(row)
    return found


def administrators(session: Session, organization: int) -> list[Row[Any]]:
    """Who administers an organisation: for messages and for «whom to ask»."""
    return _rows(session, "door_administrators(:organization)", organization=organization)


def posts(session: Session, account: int) -> list[Row[Any]]:
    """The live appointments of an account."""
    return _rows(session, "door_posts(:account)", account=account)


def number(session: Session, index: bytes) -> Row[Any] | None:
    """The living person with this ID number (blind index), anywhere in the province. Never shown to anybody."""
    found = _rows(session, "door_number(:index)", index=index)
    return found[0] if found else None


def holders(session: Session, indexes: Iterable[bytes]) -> dict[bytes, Row[Any]]:
    """The persons who hold these ID numbers, wherever they stand, by the number's blind index."""
    rows = _rows(session, "door_holders(:indexes)", indexes=list(indexes))
    return {bytes(row.held): row for row in rows}


def credit_code_taken(session: Session, code: str, besides: int | None = None) -> bool:
    """Whether a living organisation has this credit code. Yes or no."""
    return bool(
        session.scalar(text("SELECT door_credit_code(:code, :besides)"), {"code": code, "besides": besides})
    )


def applicant(session: Session, index: bytes) -> Row[Any] | None:
    """The newest undecided or rejected registration under an ID number: for the sentence at login."""
    found = _rows(session, "door_applicant(:index)", index=index)
    return found[0] if found else None


def receipt(session: Session, digest: bytes) -> Row[Any] | None:
    """What became of a registration, for whoever holds its receipt code."""
    found = _rows(session, "door_receipt(:digest)", digest=digest)
    return found[0] if found else None


def verdict(session: Session, noun: str, row: int) -> Row[Any] | None:
    """What became of the newest review of one thing, for whoever has proven by password or receipt that it is his."""
    found = _rows(session, "door_verdict(:noun, :wanted)", noun=noun, wanted=row)
    return found[0] if found else None


def certificate(session: Session, code: str) -> Row[Any] | None:
    """The frozen content of a certificate, for whoever holds its code."""
    found = _rows(session, "door_certificate(:sought)", sought=code)
    return found[0] if found else None


def shelved(session: Session, names: Iterable[UUID]) -> set[UUID]:
    """Those among these names of files that a row speaks of: the others are left from a failure."""
    return {row.uid for row in _rows(session, "door_shelved(:names)", names=list(names))}
