from app.declare.toml_lines import line_of, lines

TEXT = '''# comment with [brackets] and = signs
a = 1  # after
"b c".d = "x # y ] }"

[table]
text = """
many
] lines "" here"""
raw = \'\'\'C:\\
]\'\'\'
[table."in side".deep]
array = [
    1, # one
    [2,
     3],
    { k = "}", "l" = [ 4 ] },
]
[[many]]
k = 2026-01-31
[[many]]
k = -1.5
[many.sub]
k = { a.b = true, c = {} }
[[many.sub2]]
[[many.sub2]]
k = 'x'
'''


def test_every_key_and_element_has_its_line():
    assert lines(TEXT) == {
        ("a",): 2,
        ("b c",): 3,
        ("b c", "d"): 3,
        ("table",): 5,
        ("table", "text"): 6,
        ("table", "raw"): 9,
        ("table", "in side"): 11,
        ("table", "in side", "deep"): 11,
        ("table", "in side", "deep", "array"): 12,
        ("table", "in side", "deep", "array", 0): 13,
        ("table", "in side", "deep", "array", 1): 14,
        ("table", "in side", "deep", "array", 1, 0): 14,
        ("table", "in side", "deep", "array", 1, 1): 15,
        ("table", "in side", "deep", "array", 2): 16,
        ("table", "in side", "deep", "array", 2, "k"): 16,
        ("table", "in side", "deep", "array", 2, "l"): 16,
        ("table", "in side", "deep", "array", 2, "l", 0): 16,
        ("many",): 18,
        ("many", 0): 18,
        ("many", 0, "k"): 19,
        ("many", 1): 20,
        ("many", 1, "k"): 21,
        ("many", 1, "sub"): 22,
        ("many", 1, "sub", "k"): 23,
        ("many", 1, "sub", "k", "a"): 23,
        ("many", 1, "sub", "k", "a", "b"): 23,
        ("many", 1, "sub", "k", "c"): 23,
        ("many", 1, "sub2"): 24,
        ("many", 1, "sub2", 0): 24,
        ("many", 1, "sub2", 1): 25,
        ("many", 1, "sub2", 1, "k"): 26,
    }


def test_a_missing_key_is_looked_for_where_its_table_stands():
    found = lines(TEXT)
    assert line_of(found, ("many", 1, "label", "zh")) == 20
    assert line_of(found, ("nowhere",)) == 1


def test_an_empty_text_has_no_lines():
    assert lines("") == {}
    assert lines("\n# only a comment") == {}
