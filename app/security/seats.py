"""How many people are in a class: triggers keep the number, so that no seat is given twice.

The number lies within the class's seats by a constraint (models/training_class.py). Whoever joins locks the
class's row for that, so that of many who want the last seats exactly as many get one.
"""

from collections.abc import Iterator

COUNT = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public AS $$
BEGIN
    UPDATE training_class c SET enrolled = c.enrolled + changed.people
    FROM (SELECT class_id, sum(people)::integer AS people FROM ({counted}) AS each_row
        GROUP BY class_id HAVING sum(people) <> 0) AS changed
    WHERE c.id = changed.class_id;
    RETURN NULL;
END $$"""

CAME = "SELECT class_id, CASE WHEN left_at IS NULL THEN 1 ELSE 0 END AS people FROM came"
WENT = "SELECT class_id, CASE WHEN left_at IS NULL THEN -1 ELSE 0 END FROM went"

STATEMENTS = (
    COUNT.format(name="take_seats", counted=CAME),
    COUNT.format(name="change_seats", counted=f"{CAME} UNION ALL {WENT}"),
    "DROP TRIGGER IF EXISTS take_seats ON class_member",
    """
CREATE TRIGGER take_seats AFTER INSERT ON class_member REFERENCING NEW TABLE AS came
FOR EACH STATEMENT EXECUTE FUNCTION take_seats()""",
    "DROP TRIGGER IF EXISTS change_seats ON class_member",
    """
CREATE TRIGGER change_seats AFTER UPDATE ON class_member REFERENCING NEW TABLE AS came OLD TABLE AS went
FOR EACH STATEMENT EXECUTE FUNCTION change_seats()""",
)


def statements() -> Iterator[str]:
    """The triggers; each statement may be run again."""
    yield from STATEMENTS
