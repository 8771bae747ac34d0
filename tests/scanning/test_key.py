"""The very key in use, in whatever form and wherever it stands."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.evidence.statements import ScanFinding
from golive.scanning import text as windows
from golive.scanning.kinds import Kind
from golive.scanning.text import Search, decoded
from tests.scanning.samples import FORMS, KEY, KEYS, OTHER, STRIPE, jwt

SURROUNDINGS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=60)


def found(text: str, key: str | None = KEY) -> list[tuple[int, str, str]]:
    """Line, kind and form of all that is found."""
    return [(f.line, f.kind, f.form) for f in Search(key).findings(text.encode(), "place", most=50)]


@pytest.mark.parametrize("form", FORMS)
def test_the_key_is_found_in_every_form_and_on_its_line(form: str) -> None:
    write, name = FORMS[form]
    assert found(f"first\nsecond\nconst key = '{write(KEY)}';\n") == [(3, Kind.KEY, name)]


@pytest.mark.parametrize("form", FORMS)
def test_another_key_is_not_taken_for_it(form: str) -> None:
    write, _ = FORMS[form]
    assert Kind.KEY not in {kind for _, kind, _ in found(write(OTHER))}
    assert Kind.KEY in {kind for _, kind, _ in found(write(OTHER), key=OTHER)}


@given(key=KEYS, form=st.sampled_from(sorted(FORMS)), before=SURROUNDINGS, after=SURROUNDINGS)
@settings(max_examples=150, deadline=None)
def test_any_key_in_any_surroundings_is_found_and_never_shown(key: str, form: str, before: str, after: str) -> None:
    write, _ = FORMS[form]
    text = f"{before} \n'{write(key)}'\n {after}"
    search = Search(key)
    findings = search.findings(text.encode(), "place", most=50)
    assert (before.count("\n") + 2, Kind.KEY) in {(f.line, f.kind) for f in findings}
    shown = repr(findings) + repr(search) + repr(list(search.hits(text)))
    shown += json.dumps([f.model_dump(mode="json") for f in findings])
    assert not [piece for piece in _pieces(write(key)) + _pieces(key) if piece in shown]


def _pieces(secret: str) -> list[str]:
    return [secret[at : at + 12] for at in range(0, len(secret) - 11, 4)]


@pytest.mark.parametrize("line_ends", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_lines_are_counted_as_an_editor_counts_them(line_ends: str) -> None:
    assert found(line_ends.join(["a", "b", "", KEY, "c"])) == [(4, Kind.KEY, "plain")]


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-32"])
def test_text_with_a_mark_of_its_coding_is_text(coding: str) -> None:
    data = f"a\n{KEY}\n".encode(coding)
    assert [f.line for f in Search(KEY).findings(data, "place", most=9)] == [2]


@pytest.mark.parametrize(
    "data",
    [b"\0\1\2" + KEY.encode() + b"\0", b"\0\1\2" + KEY.encode("utf-16-le"), b"\0\1\2" + KEY.encode("utf-16-be")],
    ids=["bytes", "UTF-16 LE", "UTF-16 BE"],
)
def test_in_what_is_no_text_it_is_found_without_a_line(data: bytes) -> None:
    assert {(f.line, f.kind) for f in Search(KEY).findings(data, "place", most=9)} == {(0, Kind.KEY)}


def test_broken_text_is_still_read() -> None:
    assert decoded(b"\xff\xfe\xfa")[1]
    assert [f.line for f in Search(KEY).findings(b"\xc3\x28\n" + KEY.encode(), "place", most=9)] == [2]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("offset", [-200, -40, -1, 0, 1])
def test_the_edge_of_a_window_hides_nothing_and_doubles_nothing(
    form: str, offset: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows, "WINDOW", 4_096)
    write, name = FORMS[form]
    text = "\n" + " " * (4_096 + offset - 1) + write(KEY) + " " * 9_000 + "\n" + write(KEY)
    assert found(text) == [(2, Kind.KEY, name), (3, Kind.KEY, name)]


@pytest.mark.parametrize("offset", [*range(-1_028, -1_019), *range(-4, 5)])
def test_the_edge_of_a_window_makes_no_secret_of_a_word(offset: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(windows, "WINDOW", 4_096)
    assert found(" " * (4_096 + offset) + "ta" + STRIPE["sk_test"] + " " * 4_096) == []
    assert len(found(" " * (4_096 + offset) + STRIPE["sk_test"])) == 1


def test_one_line_with_the_key_many_times_is_one_finding() -> None:
    assert found(f"{KEY} {KEY} {KEY}\n{KEY}") == [(1, Kind.KEY, "plain"), (2, Kind.KEY, "plain")]


def test_the_gravest_word_for_one_place_counts() -> None:
    """The key is a JWT in an Authorization header too; it is told as what it is."""
    assert found(f'"Authorization": "Bearer {KEY}"') == [(1, Kind.KEY, "plain")]
    assert found(f'"Authorization": "Bearer {KEY}"', key=None) == [(1, Kind.TOKEN, "plain")]


def test_findings_are_bounded() -> None:
    text = "\n".join(jwt(str(number)) for number in range(30))
    findings = Search(None).findings(text.encode(), "place", most=7)
    assert [f.line for f in findings] == [1, 2, 3, 4, 5, 6, 7]


def test_a_finding_has_no_room_for_what_was_found() -> None:
    assert set(ScanFinding.model_fields) == {"place", "line", "kind", "form"}


def test_a_name_that_holds_a_secret_is_masked() -> None:
    assert Search(KEY).masked(f"dist/{KEY}.js") == ("dist/[redacted].js", True)
    assert Search(None).masked(f"dist/{OTHER}.js") == ("dist/[redacted].js", True)
    assert Search(KEY).masked("dist/index.js") == ("dist/index.js", False)
