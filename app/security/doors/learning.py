"""Doors to courses for those who take them: what is published is offered to every professional of the province.

A course stands at the organisation that made it, and is read by people who stand anywhere. Nothing is paid
for it. Who has begun a course keeps it when it closes. The right answers of a test leave these doors for its
own learner alone, and a browser only after the try was handed in (services/tests_of_courses.py).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.security.doors.door import rows

ME = "nullif(current_setting('xueshi.person', true), '')::bigint"

OPEN = f"""(c.state = 'published' OR EXISTS (
    SELECT 1 FROM enrolment mine WHERE mine.course_id = c.id AND mine.person_id = {ME}))"""

COURSES = f"""
CREATE OR REPLACE FUNCTION door_courses(wanted_subject text, wanted_year int, wanted_series text,
    wanted_project text, words text, before bigint, most int)
RETURNS TABLE (id bigint, title text, subject text, project text, title_series text, hours numeric, year_from int,
    year_to int, organization text, lessons bigint, seconds bigint, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT c.id, c.title, c.subject, c.project, c.title_series, c.hours, c.year_from, c.year_to, o.name,
    length.lessons, length.seconds, e.state
FROM course c JOIN organization o ON o.id = c.organization_id
LEFT JOIN enrolment e ON e.root_id = coalesce(c.root_id, c.id) AND e.person_id = {ME},
LATERAL (SELECT count(*) AS lessons, coalesce(sum(l.seconds), 0) AS seconds FROM lesson l
    WHERE l.course_id = c.id) AS length
WHERE c.state = 'published'
    AND (wanted_subject = '' OR c.subject = wanted_subject)
    AND (wanted_year = 0 OR wanted_year BETWEEN c.year_from AND c.year_to)
    AND (wanted_series = '' OR coalesce(c.title_series, wanted_series) = wanted_series)
    AND (wanted_project = '' OR c.project = wanted_project)
    AND (words = '' OR strpos(lower(c.title), lower(words)) > 0)
    AND (before IS NULL OR (c.published_at, c.id) < (SELECT b.published_at, b.id FROM course b WHERE b.id = before))
ORDER BY c.published_at DESC, c.id DESC LIMIT most $$"""

COURSE = f"""
CREATE OR REPLACE FUNCTION door_course(wanted bigint)
RETURNS TABLE (id bigint, root_id bigint, organization text, title text, subject text, form text, project text,
    title_series text, hours numeric, year_from int, year_to int, about text, drawn int, pass_mark int, tries int,
    minutes int, state text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT c.id, coalesce(c.root_id, c.id), o.name, c.title, c.subject, c.form, c.project, c.title_series, c.hours,
    c.year_from, c.year_to, c.about, c.drawn, c.pass_mark, c.tries, c.minutes, c.state
FROM course c JOIN organization o ON o.id = c.organization_id WHERE c.id = wanted AND {OPEN} $$"""

LESSONS = f"""
CREATE OR REPLACE FUNCTION door_lessons(wanted bigint)
RETURNS TABLE (id bigint, course_id bigint, title text, kind text, seconds int, file uuid, media_type text,
    size bigint, body text, captions text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT l.id, l.course_id, l.title, l.kind, l.seconds, l.file, l.media_type, l.size, l.body, l.captions
FROM lesson l JOIN course c ON c.id = l.course_id WHERE c.id = wanted AND {OPEN} ORDER BY l.position, l.id $$"""

LESSON_FILE = f"""
CREATE OR REPLACE FUNCTION door_lesson_file(sought uuid)
RETURNS TABLE (file uuid, title text, media_type text, size bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT l.file, l.title, l.media_type, l.size FROM lesson l JOIN enrolment e ON e.course_id = l.course_id
WHERE l.file = sought AND e.person_id = {ME} LIMIT 1 $$"""

POOL = f"""
CREATE OR REPLACE FUNCTION door_pool(wanted bigint)
RETURNS TABLE (id bigint) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT q.id FROM course c JOIN question q ON q.bank_id = c.bank_id
WHERE c.id = wanted AND q.retired_at IS NULL
    AND EXISTS (SELECT 1 FROM enrolment e WHERE e.course_id = c.id AND e.person_id = {ME}) ORDER BY q.id $$"""

ASKED = f"""
CREATE OR REPLACE FUNCTION door_asked(wanted bigint)
RETURNS TABLE (id bigint, kind text, body text, options text[], answers text, points int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT q.id, q.kind, q.body, q.options, q.answers, q.points
FROM attempt a JOIN enrolment e ON e.id = a.enrolment_id
JOIN LATERAL unnest(a.questions) WITH ORDINALITY AS drawn(question_id, place) ON true
JOIN question q ON q.id = drawn.question_id WHERE a.id = wanted AND e.person_id = {ME} ORDER BY drawn.place $$"""

LEARNERS = """
CREATE OR REPLACE FUNCTION door_learners(courses bigint[])
RETURNS TABLE (course_id bigint, learning bigint, passed bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT e.course_id, count(*) FILTER (WHERE e.state = 'learning'), count(*) FILTER (WHERE e.state = 'passed')
FROM enrolment e JOIN course c ON c.id = e.course_id WHERE e.course_id = ANY (courses)
    AND nullif(current_setting('xueshi.organization', true), '')::bigint = ANY (ARRAY[c.ancestor_1, c.ancestor_2,
        c.ancestor_3, c.ancestor_4, c.ancestor_5, c.ancestor_6, c.ancestor_7, c.ancestor_8])
GROUP BY e.course_id $$"""

ENROLLED = """
CREATE OR REPLACE FUNCTION door_enrolled(unit bigint, wanted_state text, before bigint, most int)
RETURNS TABLE (id bigint, person_id bigint, course text, organization text, subject text, hours numeric, state text,
    lessons bigint, finished bigint, begun_at timestamptz, passed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT e.id, e.person_id, c.title, o.name, c.subject, c.hours, e.state, part.lessons, part.finished, e.begun_at,
    e.passed_at
FROM enrolment e JOIN course c ON c.id = e.course_id JOIN organization o ON o.id = c.organization_id,
LATERAL (SELECT count(*) AS lessons, count(p.finished_at) AS finished FROM lesson l
    LEFT JOIN lesson_progress p ON p.lesson_id = l.id AND p.enrolment_id = e.id
    WHERE l.course_id = c.id) AS part
WHERE e.organization_id = unit AND (wanted_state = '' OR e.state = wanted_state)
    AND (before IS NULL OR e.id < before)
    AND nullif(current_setting('xueshi.organization', true), '')::bigint = ANY (ARRAY[e.ancestor_1, e.ancestor_2,
        e.ancestor_3, e.ancestor_4, e.ancestor_5, e.ancestor_6, e.ancestor_7, e.ancestor_8])
ORDER BY e.id DESC LIMIT most $$"""

TAUGHT = """
CREATE OR REPLACE FUNCTION door_taught(names uuid[])
RETURNS TABLE (file uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
SELECT DISTINCT l.file FROM lesson l WHERE l.file = ANY (names) $$"""

DOORS = (COURSES, COURSE, LESSONS, LESSON_FILE, POOL, ASKED, LEARNERS, ENROLLED, TAUGHT)


def courses(
    session: Session,
    *,
    subject: str,
    year: int,
    series: str,
    project: str,
    words: str,
    before: int | None,
    most: int,
) -> list[Row[Any]]:
    """The published courses that meet all of these, the latest first; '' and 0 ask nothing."""
    call = "door_courses(:subject, :year, :series, :project, :words, :before, :most)"
    asked = {"subject": subject, "year": year, "series": series, "project": project, "words": words}
    return rows(session, call, **asked, before=before, most=most)


def course(session: Session, wanted: int) -> Row[Any] | None:
    """A course that is published, or that the acting person has begun."""
    found = rows(session, "door_course(:wanted)", wanted=wanted)
    return found[0] if found else None


def lessons(session: Session, wanted: int) -> list[Row[Any]]:
    """Its lessons, in their order."""
    return rows(session, "door_lessons(:wanted)", wanted=wanted)


def lesson_file(session: Session, sought: UUID) -> Row[Any] | None:
    """The file of a lesson of a course that the acting person has begun."""
    found = rows(session, "door_lesson_file(:sought)", sought=sought)
    return found[0] if found else None


def pool(session: Session, wanted: int) -> list[int]:
    """The questions in use from which the test of a begun course is drawn, by their ids."""
    return [row.id for row in rows(session, "door_pool(:wanted)", wanted=wanted)]


def asked(session: Session, attempt: int) -> list[Row[Any]]:
    """The questions of one's own try, with the right answers, in the order in which they were drawn."""
    return rows(session, "door_asked(:wanted)", wanted=attempt)


def learners(session: Session, wanted: list[int]) -> dict[int, Row[Any]]:
    """How many take or have passed these courses, for whoever the courses stand at or below."""
    return {row.course_id: row for row in rows(session, "door_learners(:courses)", courses=wanted)}


def enrolled(session: Session, unit: int, *, state: str, before: int | None, most: int) -> list[Row[Any]]:
    """Who of a unit at or below the acting organisation takes which course, and how far, the latest first."""
    call = "door_enrolled(:unit, :state, :before, :most)"
    return rows(session, call, unit=unit, state=state, before=before, most=most)


def taught(session: Session, names: Iterable[UUID]) -> set[UUID]:
    """Those among these names of files that a lesson has: the others are left from a failure."""
    return {row.file for row in rows(session, "door_taught(:names)", names=list(names))}
