"""The best SQL we know for each question, with the scope as one equality that an index serves."""

COLUMNS = """
p.id, p.name, p.email, p.title_series, p.title, p.title_level, p.birth_date, o.name AS organization
FROM person p JOIN organization o ON o.id = p.organization_id"""

WAITING = """
v.id, v.title AS name, v.submitted_at, v.due_on, r.year, r.subject, r.form, r.hours, o.name AS organization
FROM review v JOIN hour_record r ON r.id = v.subject_id JOIN organization o ON o.id = v.organization_id"""

HERE = "v.waiting_id = %(scope)s::bigint AND v.kind = 'hours' AND v.state = 'open'"

FIGURES = ", ".join(
    f"sum(k.{each}) AS {each}"
    for each in ("people", "employers", "institutions", "learned", "online", "offline", "qualified", "passed")
)
KEPT = f"SELECT k.series AS name, k.level, {FIGURES} FROM organization_year k WHERE k.organization_id ="
ASKED = "k.year IN (0, %(year)s::smallint) AND k.subject = ''"

QUESTIONS = {
    "list": "SELECT {columns} WHERE p.ancestor_{depth} = %(scope)s::bigint ORDER BY p.id DESC LIMIT 26",
    "deep": "SELECT {columns} WHERE p.ancestor_{depth} = %(scope)s::bigint AND p.id < %(after)s::bigint"
    " ORDER BY p.id DESC LIMIT 26",
    "last": "SELECT {columns} WHERE p.ancestor_{depth} = %(scope)s::bigint ORDER BY p.id LIMIT 26",
    "name": "SELECT {columns} WHERE p.id IN (SELECT id FROM person"
    " WHERE grams(name) @> sought_grams(%(words)s) AND ancestor_{depth} = %(scope)s::bigint"
    " ORDER BY id DESC LIMIT 26) ORDER BY p.id DESC",
    "number": "SELECT {columns} WHERE p.id_number_index = decode(%(index)s, 'hex') AND p.state <> 'closed'"
    " AND p.ancestor_{depth} = %(scope)s::bigint",
    "series": "SELECT {columns} WHERE p.ancestor_{depth} = %(scope)s::bigint AND p.title_series = %(series)s"
    " ORDER BY p.id DESC LIMIT 26",
    "show": "SELECT p.*, o.name AS organization FROM person p JOIN organization o ON o.id = p.organization_id"
    " WHERE p.id = %(id)s::bigint AND p.ancestor_{depth} = %(scope)s::bigint",
    "queue": f"SELECT {WAITING} WHERE {HERE} ORDER BY v.id LIMIT 26",
    "form": f"SELECT {WAITING} WHERE {HERE} AND r.form = %(form)s ORDER BY v.id LIMIT 26",
    "titles": f"{KEPT} %(scope)s::bigint AND {ASKED} GROUP BY 1, 2",
    "by_series": f"{KEPT} %(scope)s::bigint AND {ASKED} AND k.level = '*' GROUP BY 1, 2",
    "by_place": f"SELECT o.name, {FIGURES} FROM organization o"
    " JOIN organization_year k ON k.organization_id = o.id"
    f" WHERE o.parent_id = %(scope)s::bigint AND {ASKED} AND k.series = '*' AND k.level = '*' GROUP BY o.id",
    "year": f"SELECT {WAITING} WHERE r.person_id = %(person)s::bigint AND r.year = %(year)s::int"
    " AND v.subject = 'hour_record' ORDER BY v.id DESC LIMIT 26",
    "waiting": f"SELECT count(*) AS id FROM (SELECT FROM review v WHERE {HERE} LIMIT 10001) capped",
}


def statement(name: str, depth: int) -> str:
    """The SQL of a question at one depth of the tree."""
    return QUESTIONS[name].format(columns=COLUMNS, depth=depth)
