import hashlib
import json
import subprocess
import sys
from dataclasses import replace
from io import BytesIO

import pdfplumber
import pypdfium2
import pytest
import segno

from app.documents.certificate import (
    CertificateContent,
    CertificateTexts,
    MissingGlyphs,
    content_hash,
    missing,
    render,
)

LI = CertificateContent(
    title="河西省专业技术人员继续教育证书",
    subtitle="Certificate of Continuing Education",
    name="李小明",
    document="110101********1234",
    unit="河西省第一中学",
    year="2026",
    subjects=(("公需科目", "30"), ("专业科目", "62"), ("合计", "92")),
    number="河继教2026-00001234",
    code="7KQM-4TZX-9HWB-C2DA",
    verify_url="https://example.org/verify/7KQM4TZX9HWBC2DA",
    issuer="河西省人力资源和社会保障厅",
    issued_on="2026年12月20日",
    texts=CertificateTexts(
        document="证件号码",
        unit="工作单位",
        year="年度",
        number="证书编号",
        subject="计入科目",
        hours="学时",
        code="查询码",
        statement="完成规定学时，经审核符合要求，特发此证。",
        check="扫描二维码，与纸面逐项核对。",
    ),
)


def page_of(content):
    """The one page, opened by a program that did not make it."""
    with pdfplumber.open(BytesIO(render(content))) as pdf:
        [page] = pdf.pages
        page.extract_text()
        return page


def words_of(content):
    return page_of(content).extract_text().replace(" ", "")


def test_it_is_one_page_of_a4_across():
    page = page_of(LI)

    assert (round(page.width), round(page.height)) == (842, 595)


def test_every_fact_stands_on_it():
    words = words_of(LI)
    own = ("title", "name", "document", "unit", "number", "code", "issuer", "issued_on")
    facts = [*(getattr(LI, field) for field in own), LI.texts.statement]
    facts += ["计入科目公需科目专业科目合计", "学时306292"]

    assert [fact for fact in facts if fact not in words] == []


@pytest.mark.parametrize("name", ["𠮷䶮", "㑇𰻞", "㐀𪜀𫝀𬺓", "阿卜杜拉·买买提", "Zoë O’Brien"])
def test_a_rare_name_is_printed_and_can_be_searched(name):
    assert name.replace(" ", "") in words_of(replace(LI, name=name))


def test_rare_characters_leave_ink():
    rare, blank = (page_of(replace(LI, name=name)) for name in ("𠮷䶮㑇𰻞㐀𪜀", "　　　　　　"))

    def ink(page):
        image = page.crop((120, 160, 720, 200)).to_image(resolution=72).original.convert("L")
        return sum(image.histogram()[:100])

    assert ink(blank) == 0
    assert ink(rare) > 1000


@pytest.mark.parametrize(
    ("name", "characters"),
    [
        ("王\U0002ebf0\U0003134f\U0002ebf0", "\U0002ebf0\U0003134f"),
        ("王\n明\u200b", "\n\u200b"),
        ("\ue000", "\ue000"),
    ],
)
def test_a_character_that_no_font_has_stops_the_certificate(name, characters):
    with pytest.raises(MissingGlyphs) as refusal:
        render(replace(LI, name=name))

    assert (refusal.value.characters, missing(name)) == (characters, characters)
    assert str(refusal.value) == f"These characters cannot be printed: {characters}"


def test_a_missing_character_is_found_wherever_it_stands():
    for content in (
        replace(LI, unit="\ue000"),
        replace(LI, subjects=(("\ue000", "1"),)),
        replace(LI, texts=replace(LI.texts, check="\ue000")),
    ):
        with pytest.raises(MissingGlyphs):
            render(content)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "𠮷" * 50},
        {"name": "Wolfeschlegelsteinhausenbergerdorff" * 2},
        {"unit": "河西省某某市某某县中心卫生院" * 8},
        {"title": "专业技术人员继续教育证书" * 4},
        {"issuer": "河西省人力资源和社会保障厅" * 3},
        {"number": "9" * 60},
        {"subjects": tuple((f"第{place}类行业公需科目", "12.5") for place in range(9))},
        {"texts": replace(LI.texts, statement="完成规定学时，经审核符合要求。" * 30)},
        {"texts": replace(LI.texts, check="Scan the code and compare every fact with the paper. " * 4)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_long_texts_shrink_and_stay_within_the_frame_and_apart(change):
    page = page_of(replace(LI, **change))
    chars = [char for char in page.chars if char["text"].strip()]

    assert [c["text"] for c in chars if c["x0"] < 80 or c["x1"] > page.width - 80 or c["bottom"] > 560] == []
    assert [(a, b) for a, b in overlapping(page) if a != b] == []


def overlapping(page):
    """Pairs of lines that print over each other, by the boxes of their words."""
    words = page.extract_words(keep_blank_chars=True, use_text_flow=True)
    boxes = [(w["x0"], w["top"] + 2, w["x1"], w["bottom"] - 2, w["text"]) for w in words]
    return [
        (a[4], b[4])
        for place, a in enumerate(boxes)
        for b in boxes[place + 1 :]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def test_the_scan_code_is_drawn_exactly():
    page = pypdfium2.PdfDocument(render(LI))[0]
    scale = 4
    image = page.render(scale=scale).to_pil().convert("L")
    matrix = [list(row) for row in segno.make(LI.verify_url, error="m", micro=False).matrix_iter(border=4)]
    module, left, top = 104 / len(matrix), 84, page.get_height() - 54 - 104

    drawn = [
        [
            image.getpixel(
                (int((left + (x + 0.5) * module) * scale), int((top + (y + 0.5) * module) * scale))
            )
            < 128
            for x in range(len(matrix))
        ]
        for y in range(len(matrix))
    ]

    assert drawn == [[bool(dark) for dark in row] for row in matrix]


def test_every_font_is_embedded():
    page = pypdfium2.PdfDocument(render(replace(LI, name="㐀𪜀")))[0]
    fonts = {obj.get_font() for obj in page.get_objects() if isinstance(obj, pypdfium2.PdfTextObj)}

    assert {font.get_base_name().split("+")[-1] for font in fonts} == {
        "LXGWWenKai-Regular",
        "RareHanA",
        "RareHanB",
    }
    assert {font.is_embedded for font in fonts} == {True}


def test_equal_content_gives_equal_bytes_in_another_process_too():
    again = (
        "import sys, json, hashlib\n"
        "from app.documents.certificate import CertificateContent, render\n"
        "content = CertificateContent.thawed(json.load(sys.stdin))\n"
        "print(hashlib.sha256(render(content)).hexdigest())"
    )
    content = replace(LI, name="𠮷䶮㑇𰻞㐀𪜀")
    kept = json.dumps(content.frozen())
    there = subprocess.run(
        [sys.executable, "-c", again],
        input=kept,
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7"},
    )

    assert there.stdout.strip() == hashlib.sha256(render(content)).hexdigest()
    assert render(content) == render(content)


def test_the_hash_speaks_for_every_word_of_the_content():
    assert CertificateContent.thawed(json.loads(json.dumps(LI.frozen()))) == LI
    assert content_hash(LI) == "229bb8bdee4647a6eacb97c76fe772ff07e18b0db5f5773dffd1f25c3918457b"
    changed = [
        replace(LI, name="李小月"),
        replace(LI, subjects=(("公需科目", "3"), ("0专业科目", "62"), ("合计", "92"))),
        replace(LI, texts=replace(LI.texts, check="")),
    ]
    assert content_hash(LI) not in {content_hash(content) for content in changed}


def test_content_with_an_unknown_field_is_not_thawed():
    with pytest.raises(TypeError):
        CertificateContent.thawed({**LI.frozen(), "grade": "A"})
