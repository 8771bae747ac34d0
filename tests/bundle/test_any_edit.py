"""Whatever is changed in a bundle, by chance or on purpose: it is not agreed, and nothing stumbles."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golive.bundle.archive import packed, unpacked
from golive.bundle.errors import BundleError
from golive.bundle.foot import PAGE, with_digest
from golive.bundle.manifest import NAME, manifest_of, sha256
from golive.bundle.opening import RECORD
from golive.bundle.verify import verify
from tests.bundle.bench import Base, archived, with_zeros

pytestmark = pytest.mark.usefixtures("same_suite")
NOT_DERIVED = ("log.html", "allure-results/")
"""What pytest-html and Allure wrote is compared in part; its digest is in the manifest."""

NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from([10**400, -1, 2**63, 1e308]))
TEXTS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "NaN", "x0001", "../..", "\x1b[2J", "passed"]),
)
VALUES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, st.just([]), st.just({}))


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return tmp_path / "golive-sample.zip"


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_byte_of_the_bundle(base: Base, bundle: Path, today: datetime, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(base.sealed) - 1))
    by = data.draw(st.integers(1, 255))
    bundle.write_bytes(base.sealed[:at] + bytes([base.sealed[at] ^ by]) + base.sealed[at + 1 :])
    assert not verify(bundle, now=today).agreed


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_byte_of_any_file_that_was_entered_in_the_manifest(
    base: Base, bundle: Path, today: datetime, data: st.DataObject
) -> None:
    files = dict(base.files)
    path = data.draw(st.sampled_from(sorted(path for path in files if not path.startswith(NOT_DERIVED))))
    at = data.draw(st.integers(0, len(files[path]) - 1))
    files[path] = files[path][:at] + bytes([files[path][at] ^ data.draw(st.integers(1, 255))]) + files[path][at + 1 :]
    manifest = manifest_of(base.evidence, files).written()
    with suppress(BundleError):  # the byte may have been in the foot
        files[PAGE] = with_digest(files[PAGE], sha256(manifest))
    bundle.write_bytes(packed({**files, NAME: manifest}))
    assert not verify(bundle, now=today).agreed


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    is_list = isinstance(value, list)
    members = list(enumerate(value) if is_list else value.items() if isinstance(value, dict) else ())
    if not members:
        yield path
        return
    for key, member in members:
        yield from _leaves(member, (*path, key))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_member_of_the_record(base: Base, bundle: Path, today: datetime, data: st.DataObject) -> None:
    """The page names the record that it was made from; that alone would tell. Here it is also that nothing stumbles."""
    record = json.loads(base.files[RECORD])
    section = data.draw(st.sampled_from(sorted(record)))
    path = data.draw(st.sampled_from(sorted(_leaves(record[section]), key=str)))
    holder: Any = record
    for step in (section, *path)[:-1]:
        holder = holder[step]
    last = (section, *path)[-1]
    value = data.draw(VALUES)
    if json.dumps(value) == json.dumps(holder[last]):
        return
    holder[last] = value
    files = {**base.files, RECORD: json.dumps(record, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")}
    bundle.write_bytes(archived(base.evidence, files))
    assert not verify(bundle, now=today).agreed


@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_any_bytes_for_a_manifest(base: Base, bundle: Path, today: datetime, data: st.DataObject) -> None:
    files = unpacked(base.sealed)
    manifest = files[NAME]
    at = data.draw(st.integers(0, len(manifest)))
    files[NAME] = manifest[:at] + data.draw(st.binary(min_size=1, max_size=8)) + manifest[at + 1 :]
    if files[NAME] == manifest:
        return
    bundle.write_bytes(packed(files))
    assert not verify(bundle, now=today).agreed


def test_the_zeros_are_where_the_digest_was(base: Base) -> None:
    assert with_zeros(unpacked(base.sealed))[PAGE] == base.files[PAGE]
