"""The check before the login: it lets people in who have scripts or can add, each time once."""

from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import text

from app.database import clock
from app.services import human
from app.services.human import Answer, NotHuman
from tests.services.reviewing import NOW

HERE = "10.0.0.1"


def worked(task):
    numbers = (number for number in range(task.most + 1) if found(task, number) == task.challenge)
    return Answer(work=f"{task.salt}:{next(numbers)}:{task.signature}")


def found(task, number):
    return sha256(f"{task.salt}.{number}".encode()).hexdigest()


def refused(session, answer):
    with pytest.raises(NotHuman):
        human.require(session, answer, HERE)


def test_work_that_was_done_counts_once(session):
    answer = worked(human.work(50))
    human.require(session, answer, HERE)
    refused(session, answer)


def test_a_sum_that_was_added_counts_once_and_a_wrong_one_spends_the_question(session):
    asked = human.addition()
    right = Answer(token=asked.token, total=f" {asked.first + asked.second} ")
    human.require(session, right, HERE)
    refused(session, right)

    asked = human.addition()
    refused(session, Answer(token=asked.token, total=str(asked.first + asked.second + 1)))
    refused(session, Answer(token=asked.token, total=str(asked.first + asked.second)))


def test_full_width_digits_are_digits(session):
    asked = human.addition()
    total = str(asked.first + asked.second).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    human.require(session, Answer(token=asked.token, total=total), HERE)


def test_an_answer_holds_for_twenty_minutes(session):
    with clock.fixed(NOW):
        early, late = worked(human.work(5)), worked(human.work(5))
    with clock.fixed(NOW + timedelta(minutes=19)):
        human.require(session, early, HERE)
    with clock.fixed(NOW + timedelta(minutes=21)):
        refused(session, late)


@pytest.mark.parametrize("typed", ["", "x", "::", "a:b:c", "\x00:1:2", "十:1:2", "1" * 5000])
def test_what_nobody_signed_is_refused(session, typed):
    refused(session, Answer(work=typed))
    refused(session, Answer(token=typed, total="5"))


def test_neither_salt_nor_number_nor_time_can_be_exchanged(session):
    one, other = human.work(5), human.work(5)
    _salt, number, signature = worked(one).work.split(":")
    refused(session, Answer(work=f"{other.salt}:{number}:{signature}"))
    refused(session, Answer(work=f"{one.salt}:{int(number) + 1}:{signature}"))
    later = f"{one.salt}{number}"  # a digit that moves from the number into the day of expiry
    refused(session, Answer(work=f"{later}::{signature}"))
    human.require(session, worked(one), HERE)


def test_an_address_adds_sixty_times_in_a_quarter_of_an_hour(session):
    for _time in range(human.SUMS):
        asked = human.addition()
        human.require(session, Answer(token=asked.token, total=str(asked.first + asked.second)), HERE)
    asked = human.addition()
    refused(session, Answer(token=asked.token, total=str(asked.first + asked.second)))
    human.require(session, worked(human.work(5)), HERE)


def test_answers_are_forgotten_once_their_challenge_is_too_old(session, owner):
    with clock.fixed(NOW):
        human.require(session, worked(human.work(5)), HERE)
        assert human.sweep(session) == 0
    with clock.fixed(NOW + timedelta(minutes=21)):
        assert human.sweep(session) == 1
    with owner.connect() as look:
        assert look.scalar(text("SELECT count(*) FROM spent_challenge")) == 0
