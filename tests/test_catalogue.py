"""Every text has its words in both languages, and the words fit."""

import re
from collections.abc import Mapping

import pytest

import app.models  # noqa: F401 -- the lists of choices stand there
from app.catalogues import translator
from app.declare.column import columns
from app.declare.province import HOURS
from app.declare.words import _
from app.security.scope import scoped
from app.services.wording import said
from tools.catalogues import LOCALES, forms, gathered, kept, lacking

CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
PLACE = re.compile(r"%\((\w+)\)([sd])|%%|{(\w*)}")
NARROW = re.compile("[\u3400-\u9fff][,;:!?()]|[,;:!?()][\u3400-\u9fff]")
ENDS = {".": "。", "?": "？", ":": "：", "…": "…"}

COMMAND_LINE = {
    "app/serve.py",
    "app/declare/consistency.py",
    "app/declare/rule_consistency.py",
    "app/declare/form_consistency.py",
}

catalogues = pytest.mark.parametrize("catalogue", [kept(locale) for locale in LOCALES], ids=LOCALES)


@pytest.fixture(scope="module")
def written():
    """What the sources say now."""
    return texts(gathered())


def texts(catalogue):
    return {forms(message.id)[0] for message in catalogue if message.id}


def pairs(catalogue):
    """Each text with each of its translations."""
    return [
        (forms(message.id)[-1], text) for message in catalogue if message.id for text in forms(message.string)
    ]


@catalogues
def test_no_text_is_missing_or_guessed(catalogue):
    assert lacking(catalogue) == []


@catalogues
def test_the_catalogue_has_exactly_the_texts_of_the_sources(catalogue, written):
    assert texts(catalogue) == written, "run make catalogues and translate what it prints"
    assert not catalogue.obsolete


@catalogues
def test_every_place_of_a_text_is_in_its_translation(catalogue):
    wrong = [
        (msgid, text)
        for msgid, text in pairs(catalogue)
        if sorted(PLACE.findall(msgid)) != sorted(PLACE.findall(text.replace(HOURS, "")))
    ]

    assert wrong == []


def test_no_page_fixes_the_word_for_hours():
    """Provinces account in 学时 or in 学时（分）: only what the command line says may fix one of them."""
    fixed = [
        message.id
        for message in kept("zh")
        if "学时" in "".join(forms(message.string)).replace(HOURS, "")
        and not {place for place, _line in message.locations} <= COMMAND_LINE
    ]

    assert fixed == []


@pytest.mark.parametrize("province", ["hubei", "hainan"], indirect=True)
def test_a_sentence_takes_the_provinces_word(province):
    word = {"hubei": "学时", "hainan": "学时（分）"}[province.code]
    assert said(_("Declare hours"), "zh_Hans_CN") == f"申报{word}"
    assert said(_("Declare hours"), "en") == "Declare hours"


def test_the_texts_of_the_sources_are_english(written):
    assert [msgid for msgid in written if CHINESE.search(msgid)] == []


def test_english_says_what_the_sources_say():
    for message in kept("en"):
        if message.id:
            assert forms(message.string) == forms(message.id)


def test_chinese_is_chinese():
    """A text that was copied instead of translated has no Chinese in it; one of places alone needs none."""
    copied = [
        text
        for _msgid, text in pairs(kept("zh"))
        if not CHINESE.search(text) and re.search(r"\w", PLACE.sub("", text))
    ]

    assert copied == []


def test_chinese_is_punctuated_as_chinese():
    wrong = [
        (msgid, text)
        for msgid, text in pairs(kept("zh"))
        if NARROW.search(text) or (msgid[-1] in ENDS and text[-1] != ENDS[msgid[-1]]) or text != text.strip()
    ]

    assert wrong == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_choices_of_one_list_read_differently(locale):
    same = []
    for model in scoped():
        for column in columns(model).values():
            if isinstance(column.field.choices, Mapping):
                words = [said(label, locale) for label in column.field.choices.values()]
                same += [(model.__tablename__, column.key)] * (len(words) != len(set(words)))

    assert same == []


def test_what_was_compiled_is_read():
    assert translator("zh")("Search") == "查询"
    assert translator("en")("Search") == "Search"
