"""Internal departments: a small tree of one organisation, chosen by name, never a ring, kept while in use."""

import re
import threading

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, ProgrammingError

from app.database import sessions
from app.models.department import Department
from app.models.person import Person
from app.security.scope import Forbidden, set_actor
from app.services import departments, records, versions
from app.services.errors import Faulty, NotEligible, Stale
from tests.services.reviewing import really

WHATEVER = "*"


@pytest.fixture
def hospital(session_for, cast):
    return session_for(cast.administrator(4))


def added(session, name, parent=None, position=0):
    return records.create(session, Department(name=name, parent_id=parent, position=position)).id


def moved(session, key, parent):
    row = session.get(Department, key)
    row.parent_id = parent
    records.update(session, row, WHATEVER)


def test_departments_are_offered_as_a_tree_in_their_order(hospital):
    internal = added(hospital, "内科", position=2)
    added(hospital, "心内科", parent=internal)
    added(hospital, "外科", position=1)
    assert [name for _key, name in departments.offered(hospital)] == [
        "人事部门",
        "外科",
        "内科",
        "\u3000心内科",
    ]


def test_a_name_stands_once_in_an_organisation_and_may_stand_in_another(hospital, session_for, cast):
    added(hospital, "内科")
    added(session_for(cast.administrator(5)), "内科")
    with pytest.raises(Faulty) as taken:
        added(hospital, "内科")
    assert list(taken.value.problems) == ["name"]


def test_no_department_stands_below_itself_or_one_of_its_own(hospital):
    upper = added(hospital, "内科")
    lower = added(hospital, "心内科", parent=upper)
    for parent in (upper, lower):
        with pytest.raises(Faulty) as ring:
            moved(hospital, upper, parent)
        assert list(ring.value.problems) == ["parent_id"]
        hospital.rollback()


def test_two_who_would_close_a_ring_together_do_not(engine, cast, hospital, owner):
    one, other = added(hospital, "内科"), added(hospital, "外科")
    hospital.commit()
    together, refused = threading.Barrier(2), []

    def move(key, parent):
        with sessions(engine)() as session:
            set_actor(session, cast.administrator(4))
            row = session.get(Department, key)
            together.wait()
            try:
                row.parent_id = parent
                records.update(session, row, WHATEVER)
            except (Faulty, Stale) as ring:  # the other has moved, or both waited for each other
                refused.append(type(ring))

    threads = [threading.Thread(target=move, args=pair) for pair in ((one, other), (other, one))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert really(owner, "SELECT count(parent_id) FROM department") == [(1,)]


def test_departments_of_many_units_are_added_in_one_transaction_without_a_lock_for_each(owner):
    new = (
        "INSERT INTO department (name, parent_id, organization_id)"
        " SELECT :name, id, organization_id FROM department"
    )
    locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    with owner.begin() as connection:
        assert connection.execute(text(new), {"name": "心内科"}).rowcount > 1
        assert connection.scalar(text(locks)) == 0


def test_nobody_is_put_into_a_department_of_another_unit(hospital, owner):
    row = hospital.get(Person, 1)
    row.department_id = 5
    with pytest.raises(Faulty) as elsewhere:
        records.update(hospital, row, WHATEVER)
    assert list(elsewhere.value.problems) == ["department_id"]
    hospital.rollback()
    with pytest.raises(Faulty):
        added(hospital, "内科", parent=5)
    with owner.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text("UPDATE person SET department_id = 5 WHERE id = 1"))


def test_a_person_who_leaves_for_another_unit_leaves_the_department_too(owner):
    with owner.begin() as connection:
        connection.execute(text("UPDATE person SET department_id = 4 WHERE id = 1"))
        connection.execute(text("UPDATE person SET organization_id = 5 WHERE id = 1"))
    assert really(owner, "SELECT department_id FROM person WHERE id = 1") == [(None,)]


def test_a_department_is_kept_while_somebody_works_there(hospital):
    with pytest.raises(NotEligible) as staffed:
        departments.remove(hospital, 4)
    assert staffed.value.params["administrators"] == 2
    upper = added(hospital, "内科")
    added(hospital, "心内科", parent=upper)
    with pytest.raises(NotEligible) as upper_one:
        departments.remove(hospital, upper)
    assert upper_one.value.params == {"name": "心内科"}


def test_an_empty_department_is_deleted_with_its_mark_in_the_audit(hospital, owner):
    key = added(hospital, "内科")
    departments.remove(hospital, key)
    assert really(owner, "SELECT count(*) FROM department WHERE id = :key", key=key) == [(0,)]
    assert really(
        owner,
        "SELECT action FROM audit_event WHERE noun = 'department' AND object_id = :key ORDER BY id",
        key=key,
    ) == [("create",), ("delete",)]


def test_departments_of_others_are_out_of_reach(session_for, cast):
    below, beside = session_for(cast.administrator(9)), session_for(cast.administrator(5))
    for session in (below, beside):
        assert session.get(Department, 4) is None
        with pytest.raises(Forbidden):
            departments.remove(session, 4)
        with pytest.raises((ProgrammingError, Forbidden)):
            records.create(session, Department(name="内科", organization_id=4, position=0))
        session.rollback()


def test_every_administrator_works_in_a_department(owner):
    with owner.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(text("UPDATE appointment SET department_id = NULL WHERE id = 21"))


def test_the_list_says_how_many_work_in_each_and_the_record_leads_to_them(visit, owner):
    with owner.begin() as connection:
        connection.execute(text("UPDATE person SET department_id = 4 WHERE id IN (1, 2)"))
    page = visit(4, 4).page("/department/list/")
    assert re.findall(r'<td class="number" data-th="([^"]+)">(\d+)</td>', page) == [
        ("专业技术人员", "2"), ("单位管理员", "2"), ("专业技术人员", "0"), ("单位管理员", "1"),
    ]  # fmt: skip
    record = visit(4, 4).page("/department/show/4")
    assert 'href="/person/list/?department_id=4"' in record


def test_a_count_that_changes_meanwhile_is_nobodys_change(hospital, owner):
    row = hospital.get(Department, 4)
    seen = versions.version(row)
    hospital.rollback()
    with owner.begin() as connection:
        connection.execute(text("UPDATE person SET department_id = 4 WHERE id = 1"))
    row = hospital.get(Department, 4)
    row.name = "人力资源部"
    records.update(hospital, row, seen)
    assert really(
        owner, "SELECT before, after FROM audit_event WHERE noun = 'department' AND action = 'update'"
    ) == [({"name": "人事部门"}, {"name": "人力资源部"})]


def test_a_professional_reads_the_name_of_his_department_and_no_other(visit, session_for, cast, owner):
    with owner.begin() as connection:
        connection.execute(text("UPDATE person SET department_id = 4 WHERE id = 1"))
    assert "人事部门" in visit(31).page("/person/show/1")
    assert "荆州市中心医院 · 人事部门" in visit(31).page("/my/year")
    session = session_for(cast.professional(1))
    assert [(row.id, row.persons) for row in session.scalars(select(Department))] == [(4, None)]
    with session_for(cast.professional(2)) as other:
        assert other.scalars(select(Department)).all() == []
