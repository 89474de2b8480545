"""Gateways before real servers: what they hand over, and how sure they are when something goes wrong."""

import pytest

from app.services.gateways import Doubtful, Letter, NotTaken
from app.services.gateways.mail import Mail
from app.services.gateways.sms import TextMessages
from tests import postoffice

LETTER = Letter(
    name="xueshi-7",
    address="zhangli@example.cn",
    subject="湖北省专业技术人员继续教育管理平台",
    text="“全国护理学大会”已通过。\n.\n湖北",
    words={"code": "048213"},
)


def mail(letters, **words):
    usual = {"host": "127.0.0.1", "port": letters.port, "security": "none", "sender": "xueshi@example.cn"}
    return Mail(**{**usual, "seconds": 5, **words})


def texts(taken, **words):
    usual = {"url": f"http://127.0.0.1:{taken.port}/send?v=2", "body": '{"to": ["$phone"], "c": "$code $$"}'}
    return TextMessages(**{**usual, "seconds": 5, **words})


@pytest.fixture
def trust(tmp_path):
    return postoffice.trust(tmp_path)


def test_a_mail_arrives_as_it_was_written():
    with postoffice.mail_server() as letters:
        mail(letters).send(LETTER)
    [(to, letter)] = letters.taken
    assert (to, letter["Subject"], letter["From"]) == (LETTER.address, LETTER.subject, "xueshi@example.cn")
    assert letter["Message-ID"] == "<xueshi-7@example.cn>"
    assert letter.get_content() == LETTER.text + "\n"


@pytest.mark.parametrize(("security", "first"), [("starttls", False), ("tls", True)])
def test_a_mail_travels_secured_and_the_server_is_told_who_sends(trust, security, first):
    with postoffice.mail_server(trust, from_the_first_byte=first) as letters:
        mail(letters, security=security, ca_file=trust.certificate, user="u", password="p").send(LETTER)
    assert (letters.secured, letters.logins) == ([True], ["\0u\0p"])


@pytest.mark.parametrize(("security", "first"), [("starttls", False), ("tls", True)])
def test_a_server_that_nobody_vouches_for_is_told_nothing(trust, security, first):
    with (
        postoffice.mail_server(trust, from_the_first_byte=first) as letters,
        pytest.raises(NotTaken, match=r"^SSLCertVerificationError$"),
    ):
        mail(letters, security=security, user="u", password="p").send(LETTER)
    assert (letters.logins, letters.taken) == ([], [])


def test_a_server_without_tls_gets_nothing_in_clear():
    with postoffice.mail_server() as letters, pytest.raises(NotTaken):
        mail(letters, security="starttls", user="u", password="p").send(LETTER)
    assert (letters.logins, letters.taken) == ([], [])


@pytest.mark.parametrize(
    ("verb", "reply", "for_good"),
    [
        ("MAIL", "451 later", False),
        ("RCPT", "450 greylisted", False),
        ("RCPT", "550 no such user zhangli@example.cn", True),
        ("DATA", "452 full", False),
        ("DATA", "554 spam", True),
        ("EHLO", "421 busy", False),
    ],
)
def test_a_refused_mail_was_not_taken_and_the_reason_quotes_nobody(verb, reply, for_good):
    with postoffice.mail_server() as letters:
        letters.refuses[verb] = reply
        if verb == "EHLO":
            letters.refuses["HELO"] = reply
        with pytest.raises(NotTaken) as refused:
            mail(letters).send(LETTER)
    assert (refused.value.for_good, "zhangli" in refused.value.kind) == (for_good, False)
    assert letters.taken == []


def test_a_server_that_is_not_there_took_nothing():
    with postoffice.mail_server() as letters:
        pass
    with pytest.raises(NotTaken, match=r"^ConnectionRefusedError$"):
        mail(letters).send(LETTER)


def test_a_server_that_hangs_up_after_the_letter_leaves_a_doubt():
    with postoffice.mail_server() as letters:
        letters.hangs_up_after_data = True
        with pytest.raises(Doubtful):
            mail(letters).send(LETTER)


def test_a_text_message_fills_the_gateways_own_request():
    with postoffice.text_gateway() as taken:
        texts(taken, token="secret").send(LETTER)
    [(path, headers, _body)] = taken.taken
    assert (path, headers["Authorization"]) == ("/send?v=2", "Bearer secret")
    assert taken.bodies == [{"to": [LETTER.address], "c": "048213 $"}]


def test_a_text_message_fills_a_form_and_no_word_of_it_becomes_a_field():
    letter = Letter(name="xueshi-8", address="13800000001", subject="", text="a&phone=1 $code")
    with postoffice.text_gateway() as taken:
        texts(taken, body="mobile=$phone&content=$text&ext=", format="form").send(letter)
    [(_path, headers, body)] = taken.taken
    assert headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert body == "mobile=13800000001&content=a%26phone%3D1+%24code&ext="


@pytest.mark.parametrize(
    ("status", "answer", "error"),
    [
        (200, '{"code": "BALANCE"}', NotTaken("AnswerRefused")),
        (302, "", NotTaken("HTTP 302", for_good=True)),
        (403, "", NotTaken("HTTP 403", for_good=True)),
        (429, "", NotTaken("HTTP 429")),
        (503, "", NotTaken("HTTP 503")),
        (500, "", Doubtful("HTTP 500")),
    ],
)
def test_what_a_gateway_answers_says_whether_it_took_the_message(status, answer, error):
    with postoffice.text_gateway() as taken:
        taken.status, taken.answer = status, answer
        with pytest.raises(type(error)) as refused:
            texts(taken, success='"OK"').send(LETTER)
    assert refused.value.kind == error.kind
    assert getattr(refused.value, "for_good", False) == getattr(error, "for_good", False)
    assert len(taken.taken) == 1


def test_a_gateway_that_falls_silent_leaves_a_doubt_and_one_that_is_away_does_not():
    with postoffice.text_gateway() as taken:
        taken.silent = True
        with pytest.raises(Doubtful):
            texts(taken).send(LETTER)
    with pytest.raises(NotTaken, match=r"^ConnectionRefusedError$"):
        texts(taken).send(LETTER)
