"""The province's real divisions, and the HR office that each of them has."""

from sqlalchemy import Connection, create_engine, text

from app.declare.divisions import divisions

LOCK = 7_202_615  # any number that no other program on this server locks

REGION = text(
    "INSERT INTO region (id, name, parent_id, valid_from) VALUES (:id, :name, :parent, :since)"
    " ON CONFLICT (id) DO UPDATE SET name = excluded.name, parent_id = excluded.parent_id"
    " WHERE (region.name, region.parent_id) IS DISTINCT FROM (excluded.name, excluded.parent_id)"
)
OFFICE = text(
    "INSERT INTO organization (kind, name, region_id, parent_id, state)"
    " SELECT 'hr_office', :name, :id, (SELECT id FROM organization"
    " WHERE kind = 'hr_office' AND region_id = :parent ORDER BY id LIMIT 1), 'active'"
    " WHERE NOT EXISTS (SELECT 1 FROM organization WHERE kind = 'hr_office' AND region_id = :id)"
)


def settle(owner_url: str, province: str) -> None:
    """Found the offices of a province (two-digit code) in a database, as the owner of its tables."""
    engine = create_engine(owner_url)
    try:
        with engine.begin() as connection:
            found(connection, province)
    finally:
        engine.dispose()


def found(connection: Connection, province: str) -> None:
    """Write the divisions of a province (two-digit code) and give each an HR office that is not there yet.

    The office of a county stands below its city's, or below the province's where no city lies between. Runs
    as the owner of the tables in the caller's transaction, any number of times: an office that was renamed
    or closed stays as it is. A division keeps its row when it leaves the reference list.
    """
    listed = [
        {
            "id": int(each.code),
            "name": each.name,
            "parent": int(each.parent) if each.parent else None,
            "since": each.valid_from,
            "office": office(each.name, each.level),
        }
        for each in divisions(province)
    ]
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    connection.execute(text("SELECT set_config('xueshi.actor', 'installation', true)"))
    connection.execute(REGION, listed)
    connection.execute(OFFICE, [line | {"name": line["office"]} for line in listed])


def office(division: str, level: str) -> str:
    """What the HR office of a division is called: 厅 in a province, 局 in a municipality and further down."""
    bureau = "厅" if level == "province" and not division.endswith("市") else "局"
    return f"{division}人力资源和社会保障{bureau}"
