"""The line of each value of a TOML file, also of such as nobody would write by hand."""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.dossier.lines import Lines, Path

EXAMPLE = '''\
# a comment with "quotes" and [brackets]
title = "x"          # 2
"quoted key" = 'y'   # 3

text = """
a line # no comment
[no.header]
closed by more \\""" than needed"""""
after = 1            # 9
when = 1979-05-27 07:32:00  # 10
list = [             # 11
  "a", # one
  # nothing here
  ["b",
   """c
"""],                # 15
  { deep = { key = "]" }, other = [1, 2] },  # 17
]
a.b.c = true         # 19
literal = \'\'\'
'' = "]
\'\'\'
[table]              # 23
inner = {}           # 24
[table.'sub'.sub]    # 25
x = -1e5             # 26
[[many]]             # 27
id = 1
[[many.nested]]      # 29
[[many.nested]]      # 30
y = 0x1F             # 31
[many.plain]         # 32
z = inf              # 33
[[many]]             # 34
[[many.nested]]      # 35
w = """"""           # 36
[end]
'''
PLACES: list[tuple[Path, int]] = [
    (("title",), 2),
    (("quoted key",), 3),
    (("text",), 5),
    (("after",), 9),
    (("when",), 10),
    (("list",), 11),
    (("list", 0), 12),
    (("list", 1), 14),
    (("list", 1, 0), 14),
    (("list", 1, 1), 15),
    (("list", 2), 17),
    (("list", 2, "deep", "key"), 17),
    (("list", 2, "other", 1), 17),
    (("a",), 19),
    (("a", "b", "c"), 19),
    (("literal",), 20),
    (("table",), 23),
    (("table", "inner"), 24),
    (("table", "sub"), 25),
    (("table", "sub", "sub", "x"), 26),
    (("many",), 27),
    (("many", 0), 27),
    (("many", 0, "id"), 28),
    (("many", 0, "nested", 0), 29),
    (("many", 0, "nested", 1), 30),
    (("many", 0, "nested", 1, "y"), 31),
    (("many", 0, "plain", "z"), 33),
    (("many", 1), 34),
    (("many", 1, "nested", 0, "w"), 36),
    (("end",), 37),
]


@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["unix", "windows"])
@pytest.mark.parametrize(("path", "line"), PLACES, ids=lambda value: str(value))
def test_each_value_has_the_line_of_its_key(path: Path, line: int, ends: str) -> None:
    text = EXAMPLE.replace("\n", ends)
    tomllib.loads(text)
    assert Lines(text).of(path) == line


def test_what_is_not_there_has_the_line_of_what_is_nearest_above() -> None:
    lines = Lines(EXAMPLE)
    assert lines.of(("many", 1, "missing")) == 34
    assert lines.of(("many", 7)) == 27
    assert lines.of(("missing",)) == 1
    assert Lines("").of(("a",)) == 1


def test_text_that_ends_without_a_line_break_is_read_to_its_end() -> None:
    assert Lines("a = 1\nb = 2").of(("b",)) == 2


# -- texts made at random ------------------------------------------------------------------------------------

KEYS = st.one_of(st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True), st.text(max_size=4))
PLAIN = st.one_of(
    st.booleans().map(lambda value: str(value).lower()),
    st.integers().map(str),
    st.sampled_from(["inf", "-1.5e3", "0xFF", "1979-05-27", "1979-05-27T07:32:00Z", "07:32:00", "1979-05-27 07:32:00"]),
)
SIGNS = st.text(alphabet="ab \"'#[]{},=.\n\\\t", max_size=12)


@st.composite
def strings(draw: st.DrawFn) -> str:
    """A string in one of the four forms."""
    text = draw(SIGNS)
    form = draw(st.sampled_from(['"', "'", '"""', "'''"]))
    if form == '"':
        return json.dumps(text)
    if form == "'":
        return "'" + text.replace("'", "").replace("\n", "") + "'"
    if form == '"""':
        escaped = text.replace("\\", "\\\\")
        while '"""' in escaped:
            escaped = escaped.replace('"""', '""\\"')
        return f'"""{escaped}"""'
    while "'''" in text:
        text = text.replace("'''", "''")
    return f"'''{text}'''"


@dataclass
class Written:
    """A text as it is being written, and the line of each value in it."""

    text: str = ""
    lines: dict[Path, int] = field(default_factory=dict)

    def put(self, text: str, path: Path | None = None) -> None:
        if path is not None:
            self.lines.setdefault(path, self.text.count("\n") + 1)
        self.text += text


def key(draw: st.DrawFn, name: str) -> str:
    bare = name and name.isascii() and name.replace("-", "").replace("_", "").isalnum()
    forms = [json.dumps(name, ensure_ascii=False).replace("\x7f", "\\u007f")]
    if bare:
        forms.append(name)
    if "'" not in name and all(sign.isprintable() for sign in name):
        forms.append(f"'{name}'")
    return draw(st.sampled_from(forms))


def write_value(draw: st.DrawFn, out: Written, path: Path, depth: int) -> None:
    kind = draw(st.sampled_from(["plain", "string", "array", "table"] if depth else ["plain", "string"]))
    if kind == "array":
        gap = st.sampled_from(["", " ", "\n", " # why, ] not\n", "\n\n  "])
        out.put("[" + draw(gap))
        for number in range(draw(st.integers(0, 3))):
            out.put("", (*path, number))
            write_value(draw, out, (*path, number), depth - 1)
            out.put(draw(gap) + "," + draw(gap))
        out.put("]")
    elif kind == "table":
        out.put("{ ")
        for number, name in enumerate(draw(st.lists(KEYS, max_size=2, unique=True))):
            out.put(", " if number else "")
            write_pair(draw, out, path, name, depth - 1)
        out.put(" }")
    else:
        out.put(draw(PLAIN if kind == "plain" else strings()))


def write_pair(draw: st.DrawFn, out: Written, path: Path, name: str, depth: int) -> None:
    out.put(f"{key(draw, name)} = ", (*path, name))
    write_value(draw, out, (*path, name), depth)


@st.composite
def documents(draw: st.DrawFn) -> Written:
    out = Written()
    between = st.sampled_from(["\n", "\n\n", " # it's [so]\n", '\n# "\n'])
    names = draw(st.lists(KEYS, min_size=1, max_size=5, unique=True))
    for name in names[: len(names) // 2]:
        write_pair(draw, out, (), name, 2)
        out.put(draw(between))
    for name in names[len(names) // 2 :]:
        for number in range(draw(st.integers(1, 3))):
            path: Path = (name, number)
            out.put("", (name,))
            out.put(f"[[{key(draw, name)}]]", path)
            out.put(draw(between))
            for inner in draw(st.lists(KEYS, max_size=3, unique=True)):
                write_pair(draw, out, path, inner, 2)
                out.put(draw(between))
    return out


def values_in(tree: Any, path: Path = ()) -> Iterator[Path]:
    """The way to every value of what `tomllib` reads."""
    if path:
        yield path
    for name, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from values_in(value, (*path, name))


@given(documents())
def test_every_value_of_any_document_has_its_line(written: Written) -> None:
    tree = tomllib.loads(written.text)
    lines = Lines(written.text)
    assert lines.known() == set(values_in(tree))
    assert {path: lines.of(path) for path in written.lines} == written.lines
