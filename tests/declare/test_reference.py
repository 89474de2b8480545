from app.declare.divisions import divisions
from app.declare.part import Text
from app.declare.titles import LEVELS, national


def test_a_county_may_stand_directly_under_its_province():
    hubei = {division.code: division for division in divisions("42")}
    directly = [
        division.name
        for division in hubei.values()
        if division.level == "county" and division.parent == "420000"
    ]
    assert directly == ["仙桃市", "潜江市", "天门市", "神农架林区"]
    assert hubei["420102"].parent == "420100"


def test_hainan_has_a_city_without_counties_and_fifteen_counties_without_a_city():
    hainan = list(divisions("46"))
    assert [division.name for division in hainan if division.level == "city"] == [
        "海口市",
        "三亚市",
        "三沙市",
        "儋州市",
    ]
    assert sum(division.code.startswith("4690") for division in hainan) == 15
    assert all(division.parent == "460000" for division in hainan if division.code.startswith("4690"))


def test_every_division_comes_after_its_parent():
    for province in ("37", "42", "46", "11", "50"):
        seen = set()
        for division in divisions(province):
            assert division.parent is None if division.level == "province" else division.parent in seen
            seen.add(division.code)


def test_shandong_has_sixteen_cities():
    assert sum(division.level == "city" for division in divisions("37")) == 16


def test_headings_of_the_source_are_no_divisions():
    names = {division.name for code in ("11", "42", "46", "50") for division in divisions(code)}
    assert names.isdisjoint({"市辖区", "县", "省直辖县级行政区划"})


def test_an_unknown_province_has_no_divisions():
    assert list(divisions("99")) == []


def test_there_are_twenty_seven_series_with_their_titles():
    series = national()
    assert len({each.key for each in series}) == len({each.label.zh for each in series}) == 27
    assert series[4].label == Text(zh="工程技术人员", en="Engineering")
    assert series[4].titles["intermediate"] == ("工程师",)
    assert all(list(each.titles) == [level for level in LEVELS if level in each.titles] for each in series)
    assert all(set(each.titles) >= set(list(LEVELS)[:4]) for each in series)


def test_a_text_is_said_in_the_language_one_asks_for():
    text = Text(zh="学时", en="hours")
    assert [text.in_(locale) for locale in ("zh", "zh_Hans_CN", "en", "en_GB")] == [
        "学时",
        "学时",
        "hours",
        "hours",
    ]
    assert str(text) == "学时"
