"""What a dossier says once it is read, and how each fault in it is refused: one line with place and remedy."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from golive.dossier import load
from golive.dossier.countries import CODES
from golive.dossier.reading import MOST_BYTES
from golive.evidence.checklist import REQUIREMENTS
from golive.evidence.statements import MAX_AGE_DAYS, MOST_WAIVED_DAYS, Answer
from golive.settings import SettingsError
from tests.dossier.bench import ATTESTED, TODAY, days_ago, filled, identified, put, read

FINISHED = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
WAIVER = '\n[[waiver]]\nrequirement = "FE-4"\nowner = "Ada Example"\nuntil = 2026-04-01\nreason = "Ships in 2.5."\n'
HERE = "golive.toml, line "


def refusal(folder: Path, text: str) -> str:
    """The one line with which a dossier is refused."""
    with pytest.raises(SettingsError) as caught:
        read(folder, text)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    return message


def line_of(text: str, part: str) -> int:
    """The line on which a part begins that stands only once."""
    assert text.count(part) == 1, part
    return text[: text.index(part)].count("\n") + 1


def test_a_whole_dossier_says_who_and_what(tmp_path: Path) -> None:
    text = filled().replace('# challenge = ""', 'challenge = "c-17"').replace("# valid_days = 30", "valid_days = 60")
    stated = read(tmp_path, text + WAIVER).stated(FINISHED)
    assert (stated.partner, stated.integration, stated.version) == ("Example Charging", "Example app", "2.4.0")
    assert stated.countries == ("DE", "AT")
    assert [contact.purpose for contact in stated.contacts] == ["go-live", "support"]
    assert stated.contacts[1].hours == "Mon-Fri 09:00-17:00 Europe/Berlin"
    assert stated.challenge == "c-17"
    assert stated.valid_until == FINISHED + timedelta(days=60)
    assert stated.review["REV-1"] == "What the reviewer may read."
    first = stated.attestations[0]
    assert (first.requirement_id, first.answer, first.name, first.on) == ("BE-1", Answer.YES, "Ada Example", TODAY)
    assert first.exhibits == ("e01",)
    assert stated.waivers[0].owner == "Ada Example"


def test_what_is_left_out_has_a_default(tmp_path: Path) -> None:
    stated = read(tmp_path, identified()).stated(FINISHED)
    assert stated.challenge is None
    assert stated.valid_until == FINISHED + timedelta(days=30)
    assert {attestation.answer for attestation in stated.attestations} == {Answer.NO}
    assert stated.review == {}
    assert (stated.waivers, stated.exhibits) == ((), ())


def test_the_digest_is_that_of_the_file(tmp_path: Path) -> None:
    import hashlib

    loaded = read(tmp_path, filled())
    assert loaded.sha256 == hashlib.sha256((tmp_path / "golive.toml").read_bytes()).hexdigest()


def test_a_byte_order_mark_and_windows_line_ends_are_taken(tmp_path: Path) -> None:
    put(tmp_path, "")
    (tmp_path / "golive.toml").write_bytes(b"\xef\xbb\xbf" + filled().replace("\n", "\r\n").encode())
    assert load(tmp_path / "golive.toml", today=TODAY, register=REQUIREMENTS).partner == "Example Charging"


def test_the_same_file_is_attached_once_and_a_video_is_referred_to(tmp_path: Path) -> None:
    digest = "0123456789abcdef" * 4
    text = filled().replace(
        'evidence = ["picture.png"]',
        'evidence = ["./picture.png", "picture.png"]\nvideo = "https://videos.example.org/1"\n'
        f'video_sha256 = "{digest}"',
    )
    stated = read(tmp_path, text).stated(FINISHED)
    assert [(e.id, e.path, e.reference) for e in stated.exhibits] == [
        ("e01", "exhibits/e01-picture.png", None),
        ("e02", None, "https://videos.example.org/1"),
    ]
    assert stated.exhibits[1].sha256 == digest
    assert {attestation.exhibits for attestation in stated.attestations} == {("e01", "e02")}


FE_4 = 'requirement = "FE-4"'
ATTESTED_FE_4 = (
    f'{FE_4}\nanswer = "yes"\nname = "Ada Example"\nrole = "head of product"\ndate = 2026-03-02\n'
    'statement = "Seen by me in the release build."\nevidence = ["picture.png"]'
)


def in_fe_4(old: str, new: str) -> tuple[str, str]:
    """A change of the attestation of FE-4 and of nothing else."""
    assert old in ATTESTED_FE_4
    return ATTESTED_FE_4, ATTESTED_FE_4.replace(old, new)


FAULTS: list[tuple[tuple[str, str], str, str]] = [
    (('partner = "Example Charging"', 'partner = ""'), 'partner = ""', "partner: is empty; fill it in"),
    (('version = "2.4.0"', "version = 2.4"), "version = 2.4", "version: is no text; write it in quotes"),
    (('version = "2.4.0"', 'version = "\\u001b[31m"'), "version = ", "version: has a control character"),
    (('version = "2.4.0"', f'version = "{"2" * 201}"'), "version = ", "version: has 201 characters"),
    (
        ('version = "2.4.0"', 'versoin = "2.4.0"\nversion = "2"'),
        "versoin",
        "versoin: is not known; did you mean ver",
    ),
    (('countries = ["DE", "AT"]', "countries = []"), "countries =", "countries: names none; write the codes"),
    (('countries = ["DE", "AT"]', 'countries = "DE"'), "countries =", "countries: is no array; write the codes"),
    (
        ('countries = ["DE", "AT"]', 'countries = [\n"DE",\n"de"]'),
        '"de"',
        "countries 2: 'de' is no country code of ISO 3166-1",
    ),
    (('countries = ["DE", "AT"]', 'countries = ["UK"]'), '"UK"', "did you mean GB?"),
    (('countries = ["DE", "AT"]', 'countries = ["XX"]'), '"XX"', "countries 1: 'XX' is no country code"),
    (('countries = ["DE", "AT"]', 'countries = ["DE",\n"DE"]'), '"DE"]', "countries 2: DE is named twice"),
    (('countries = ["DE", "AT"]', 'countries = ["DE",\n7]'), "7]", "countries 2: is no text"),
    (("# valid_days = 30", "valid_days = 91"), "valid_days", "valid_days: is no whole number from 1 to 90"),
    (("# valid_days = 30", "valid_days = true"), "valid_days", "is no whole number from 1 to 90; write one"),
    (("# valid_days = 30", 'valid_days = "30"'), "valid_days", "without quotes"),
    (('purpose = "support"', 'purpose = "help"'), 'purpose = "help"', "contact 2, purpose: is none that is known"),
    (('purpose = "support"', 'purpose = "go-live"#'), '[[contact]]\npurpose = "go-live"\n', "none is for support"),
    (('REV-3 = "What', 'REV-7 = "x"\nREV-3 = "What'), "REV-7", "review, REV-7: is not known; did you mean REV-"),
    (in_fe_4(FE_4, 'requirement = "FE-9"'), 'requirement = "FE-9"', "'FE-9' is none of the checklist; write an id"),
    (in_fe_4(FE_4, 'requirement = "fe_4"'), 'requirement = "fe_4"', "did you mean FE-4?"),
    (
        in_fe_4(FE_4, 'requirement = "FE-3" # 2'),
        'requirement = "FE-3" # 2',
        "(FE-3), requirement: FE-3 is spoken of",
    ),
    (in_fe_4(f"{FE_4}\n", "# x\n"), "[[attestation]]\n# x\n", "requirement: is missing; write the line's id"),
    (in_fe_4('"yes"', '"Yes"'), 'answer = "Yes"', "attestation 5 (FE-4), answer: is none that is known"),
    (in_fe_4('"Ada Example"', '" "'), 'name = " "', "(FE-4), name: is empty"),
    (in_fe_4('"head of product"', "7"), "role = 7", "(FE-4), role: is no text"),
    (in_fe_4('"Seen by me in the release build."', '""'), 'statement = ""', "statement: is empty"),
    (in_fe_4("2026-03-02", "2026-03-03"), "date = 2026-03-03", "lies in the future (today is 2026-03-02 in UTC)"),
    (in_fe_4("2026-03-02", '"2026-03-02"'), 'date = "2026', "date: is no date; write the day without quotes"),
    (in_fe_4("2026-03-02", "2026-03-02T08:00:00"), "date = 2026-03-02T", "date: is no date"),
    (in_fe_4("date = 2026-03-02", "# no date"), f"[[attestation]]\n{FE_4}", "(FE-4), date: is missing"),
    (in_fe_4('["picture.png"]', "[]"), "evidence = []", "about what a driver sees: show it"),
    (in_fe_4('["picture.png"]', '[\n"nowhere.png"]'), '"nowhere.png"', "evidence 1: 'nowhere.png' is no file that"),
    (in_fe_4('["picture.png"]', '"picture.png"'), 'evidence = "pic', "evidence: is no array; write the files"),
    (in_fe_4('["picture.png"]', '["/etc/hostname"]'), '"/etc/hostname"', "is an absolute path"),
    (
        in_fe_4("evidence", 'video = "http://example.org/v"\nevidence'),
        "video =",
        "(FE-4), video: plain http is allowed on loopback only",
    ),
    (
        in_fe_4("evidence", 'video = "https://connect.cariqa.com/v"\nevidence'),
        "video =",
        "(FE-4), video: names the production host",
    ),
    (in_fe_4("evidence", 'video_sha256 = "00"\nevidence'), "video_sha256 =", "video_sha256: is no SHA-256"),
    (
        in_fe_4("evidence", f'video_sha256 = "{"0" * 64}"\nevidence'),
        "video_sha256 =",
        "video_sha256: stands without a video",
    ),
    (in_fe_4('"yes"', '"not_applicable"'), f"[[attestation]]\n{FE_4}", "reason: is missing; say why it does not"),
    (
        ('REV-4 = "What the reviewer may read."', 'REV-4 = ""'),
        "",
        "(REV-4), answer: there is nothing to review yet",
    ),
]


@pytest.mark.parametrize(("change", "marked", "said"), FAULTS, ids=[said for _, _, said in FAULTS])
def test_a_fault_is_refused_in_one_line_that_names_it(
    tmp_path: Path, change: tuple[str, str], marked: str, said: str
) -> None:
    old, new = change
    whole = filled()
    assert whole.count(old) == 1
    text = whole.replace(old, new)
    message = refusal(tmp_path, text)
    assert said in message
    assert "more to correct" not in message
    if marked:
        assert message.startswith(f"{HERE}{line_of(text, marked)}: ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2026-04-01", "2026-03-01", "until: 2026-03-01 is past: the waiver has ended"),
        ("2026-04-01", "2026-08-30", f"is more than {MOST_WAIVED_DAYS} days away; write 2026-08-29"),
        ('"Ada Example"', '""', "(FE-4), owner: is empty"),
        ('"Ships in 2.5."', '""', "(FE-4), reason: is empty"),
        ("until = 2026-04-01\n", "", "(FE-4), until: is missing"),
        ('"FE-4"', '"FE-44"', "waiver 1, requirement: 'FE-44' is none of the checklist"),
        ("owner", "onwer", "onwer: is not known; did you mean owner?"),
    ],
    ids=lambda value: value[:30],
)
def test_a_waiver_needs_an_owner_an_end_and_a_reason(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refusal(tmp_path, identified() + WAIVER.replace(old, new))


def test_two_waivers_of_one_line_are_refused(tmp_path: Path) -> None:
    assert "waiver 2 (FE-4), requirement: FE-4 is spoken of twice" in refusal(tmp_path, identified() + WAIVER * 2)


@pytest.mark.parametrize("day", [TODAY, TODAY + timedelta(days=MOST_WAIVED_DAYS)], ids=["today", "the last day"])
def test_a_waiver_may_end_on_these_days(tmp_path: Path, day: object) -> None:
    assert read(tmp_path, identified() + WAIVER.replace("2026-04-01", str(day))).waivers[0].until == day


EMPTY = [".", "–", "\u200b", "\u2800", "\u3164", "\u202e\u202c", "\ufeff", "...\u00ad"]


@pytest.mark.parametrize("blank", EMPTY, ids=ascii)
@pytest.mark.parametrize(
    "old",
    [
        'partner = "Example Charging"',
        'hours = "Mon-Fri 09:00-17:00 Europe/Berlin"',
        'name = "Ada Example"',
        'role = "head of product"',
        'statement = "Seen by me in the release build."',
        'REV-3 = "What the reviewer may read."',
        'owner = "Ada Example"',
        'reason = "Ships in 2.5."',
    ],
    ids=lambda old: old.split()[0],
)
def test_a_text_that_says_nothing_is_refused(tmp_path: Path, old: str, blank: str) -> None:
    text = filled() + WAIVER
    assert old in text
    key = old.split(" = ")[0]
    message = refusal(tmp_path, text.replace(old, f'{key} = "{blank}"', 1))
    assert f"{key}: has neither a letter nor a digit" in message or f"{key}: has a character in it" in message


@pytest.mark.parametrize("sign", ["\u200b", "\u202e", "\u2066", "\u00ad", "\u2028", "\U000e0041"], ids=ascii)
def test_what_nobody_can_see_is_refused_in_a_line_and_taken_in_a_long_text(tmp_path: Path, sign: str) -> None:
    message = refusal(tmp_path, filled().replace("Ada Example", f"Ada{sign} Example"))
    assert f"name: has a character in it that nobody can see (U+{ord(sign):04X})" in message
    assert read(tmp_path, filled().replace("Seen by me", f"Seen{sign} by me")).attestations


@pytest.mark.parametrize("name", ["Zoë Ångström", "李小龍", "Ольга", "محمد", "ณัฐ", "7"])
def test_a_name_of_any_script_is_taken(tmp_path: Path, name: str) -> None:
    assert read(tmp_path, filled().replace("Ada Example", name)).attestations[0].name == name


def test_an_attestation_counts_for_a_set_number_of_days(tmp_path: Path) -> None:
    assert read(tmp_path, filled(days_ago(MAX_AGE_DAYS))).attestations
    message = refusal(tmp_path, filled(days_ago(MAX_AGE_DAYS + 1)))
    assert f"is {MAX_AGE_DAYS + 1} days ago, and {MAX_AGE_DAYS} is the most; ask the person again" in message
    assert "16 more to correct" in message


@pytest.mark.parametrize("id_", ["BE-2", "BE-6", "DEV-USERS", "VCP1-BUSY", "ENV-NO-PROD"])
def test_only_what_needs_no_more_than_a_word_can_be_said_not_to_apply(tmp_path: Path, id_: str) -> None:
    said = (
        f'\n[[attestation]]\nrequirement = "{id_}"\nanswer = "not_applicable"\nname = "A"\nrole = "B"\n'
        'date = 2026-03-02\nstatement = "C"\nreason = "D"\n'
    )
    assert f"({id_}), answer: {id_} has to be" in refusal(tmp_path, identified() + said)
    assert read(tmp_path, identified() + said.replace("not_applicable", "yes")).attestations


@pytest.mark.parametrize("id_", [id_ for id_ in ATTESTED if id_ not in ("FE-4", "REV-6")])
def test_what_is_asked_of_everyone_cannot_be_said_not_to_apply(tmp_path: Path, id_: str) -> None:
    old = f'requirement = "{id_}"\nanswer = "yes"'
    away = f'requirement = "{id_}"\nanswer = "not_applicable"\nreason = "Not with us."'
    assert old in filled()
    message = refusal(tmp_path, filled().replace(old, away))
    assert f'({id_}), answer: {id_} is asked of everyone (only FE-4 and REV-6 may not apply); answer "yes"' in message


def test_a_line_that_does_not_apply_says_why_and_needs_no_evidence(tmp_path: Path) -> None:
    away = ATTESTED_FE_4.replace('"yes"', '"not_applicable"').replace('["picture.png"]', '[]\nreason = "No app."')
    stated = read(tmp_path, filled().replace(ATTESTED_FE_4, away)).stated(FINISHED)
    (attestation,) = [a for a in stated.attestations if a.requirement_id == "FE-4"]
    assert (attestation.answer, attestation.reason) == (Answer.NOT_APPLICABLE, "No app.")


def test_the_first_of_several_faults_is_told_and_where_the_others_are(tmp_path: Path) -> None:
    text = (
        filled()
        .replace("Example Charging", "")
        .replace('countries = ["DE", "AT"]', "countries = 7")
        .replace("\n[review]\n", "\n[reviews]\n")
    )
    message = refusal(tmp_path, text)
    countries, review = line_of(text, "countries = 7"), line_of(text, "[reviews]\n")
    assert message.startswith(f"{HERE}{line_of(text, 'partner = ')}: partner: is empty")
    assert "more to correct" in message
    assert f" {countries}, {review}" in message


def test_the_fault_that_stands_first_is_told_whenever_it_was_found(tmp_path: Path) -> None:
    text = "planted = 1\n" + filled().replace("Example Charging", "")
    number = line_of(text, 'partner = ""')
    message = refusal(tmp_path, text)
    assert message.startswith(f"{HERE}1: planted: is not known; take it out")
    assert message.endswith(f"(and 1 more to correct: line {number})")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("partner = \n", "golive.toml, line 1: is no TOML: invalid value"),
        ("a = 1\n\na = 2\n", "golive.toml, line 3: is no TOML: cannot overwrite a value"),
        ('a = 1\nb = "', "golive.toml, line 2: is no TOML: unterminated string"),
        ("a = 1\n[b\nc = 1", "golive.toml, line 2: is no TOML: expected"),
        ("a = 1\nb = [\n" + "[" * 5000, "golive.toml, line 3: holds a number too long, or brackets too deep"),
        ("a = 1\r\n\r\nb = " + "9" * 5000 + "\r\nc = 1\r\n", "golive.toml, line 3: holds a number too long"),
        ("#" * (MOST_BYTES + 1), f"golive.toml: has more than {MOST_BYTES} bytes"),
    ],
    ids=["no value", "twice", "open string", "open header", "too deep", "too long", "too large"],
)
def test_what_is_no_toml_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    assert said in refusal(tmp_path, text)


def test_what_is_no_utf8_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "golive.toml").write_bytes(b'partner = "x"\n# caf\xe9\n')
    with pytest.raises(SettingsError, match=r"^golive.toml, line 2: is not UTF-8; save the file as UTF-8$"):
        load(tmp_path / "golive.toml", today=TODAY, register=REQUIREMENTS, name="golive.toml")


def test_a_dossier_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read \(Is a directory\)"):
        load(tmp_path, today=TODAY, register=REQUIREMENTS, name="golive.toml")


def test_a_long_value_is_not_repeated(tmp_path: Path) -> None:
    secret = "whoever-pastes-a-key-where-an-id-belongs"
    text = filled().replace(FE_4, f'requirement = "{secret}"')
    assert secret not in refusal(tmp_path, text)
    assert secret not in refusal(tmp_path, f"{secret} = 1\n" + filled())


def test_the_countries_are_two_letters_each_and_include_every_neighbour() -> None:
    assert len(CODES) == 249
    assert all(len(code) == 2 and code.isalpha() and code.isupper() for code in CODES)
    assert {"DE", "AT", "CH", "FR", "LU", "BE", "NL", "DK", "PL", "CZ", "GB", "XK"} - CODES == {"XK"}


# -- any place of a fault ------------------------------------------------------------------------------------

BLANKS = st.lists(st.sampled_from(["", "# a comment = [", '# "', "   "]), max_size=3).map("\n".join)
NOISE = st.sampled_from(
    ['"x"', "7", "true", "2026-03-02", '["a", "b"]', "[1,\n 2]", "{ a = 1 }", '"""x\n[y]\n"""', "1.5"]
)


@given(st.data())
def test_a_planted_key_is_named_with_its_line_wherever_it_stands(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp() / "planted"
    source = filled().splitlines()
    starts = [n for n, line in enumerate(source) if line and line[0].isalpha() and not line.startswith("REV-")]
    at = data.draw(st.sampled_from(starts))
    blank = data.draw(BLANKS)
    lines = [*source[:at], *blank.split("\n"), f"planted = {data.draw(NOISE)}", *source[at:]]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    assert refusal(folder, text).startswith(
        f"{HERE}{lines.index(next(x for x in lines if x.startswith('planted'))) + 1}: "
    )


@given(st.sampled_from(["name", "role", "statement"]), st.integers(0, 16), NOISE)
def test_a_value_of_another_type_is_named_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, key: str, number: int, noise: str
) -> None:
    folder = tmp_path_factory.getbasetemp() / "typed"
    lines = filled().splitlines()
    places = [n for n, line in enumerate(lines) if line.startswith(f"{key} = ")]
    at = places[-17 + number]
    lines[at] = f"{key} = {noise}"
    text = "\n".join(lines)
    value = tomllib.loads(text)["attestation"][number][key]
    if isinstance(value, str) and "\n" in value and key != "statement":
        assert f"{key}: has a control character or a line break in it" in refusal(folder, text)
    elif isinstance(value, str):
        assert read(folder, text).attestations[number].requirement_id
    else:
        message = refusal(folder, text)
        assert message.startswith(f"{HERE}{at + 1}: attestation {number + 1} (")
        assert f"{key}: is no text" in message


SLIPS = st.lists(
    st.tuples(
        st.integers(0, len(filled()) - 1),
        st.integers(0, 20),
        st.sampled_from(
            ["", '"', "'", '"""', "[", "]", "{", "}", "=", "\n", "#", ",", ".", "1", "true", "\\", "\0", "é"]
        ),
    ),
    min_size=1,
    max_size=4,
)


@given(SLIPS)
def test_whatever_is_done_to_a_dossier_it_is_taken_or_refused_in_one_line(
    tmp_path_factory: pytest.TempPathFactory, slips: list[tuple[int, int, str]]
) -> None:
    text = filled()
    for at, gone, put_in in slips:
        text = text[:at] + put_in + text[at + gone :]
    try:
        assert read(tmp_path_factory.getbasetemp() / "slips", text).partner
    except SettingsError as refused:
        message = str(refused)
    else:
        return
    assert message.startswith("golive.toml")
    assert len(message.splitlines()) == 1
