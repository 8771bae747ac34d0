"""Dossiers for the tests: the template filled in, and files that can be attached."""

import io
import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from golive.dossier import Loaded, load
from golive.dossier.template import template
from golive.evidence.checklist import REQUIREMENTS
from golive.evidence.model import Assurance

TODAY = date(2026, 3, 2)
ATTESTED = [requirement.id for requirement in REQUIREMENTS if requirement.needed is Assurance.ATTESTED]

IDENTITY = {
    'partner = ""': 'partner = "Example Charging"',
    'integration = ""': 'integration = "Example app"',
    'version = ""': 'version = "2.4.0"',
    "countries = []": 'countries = ["DE", "AT"]',
    'channel = ""': 'channel = "golive@example.org"',
    'hours = ""': 'hours = "Mon-Fri 09:00-17:00 Europe/Berlin"',
}


def png(size: tuple[int, int] = (8, 6), **options: Any) -> bytes:
    """A small picture."""
    written = io.BytesIO()
    Image.new("RGB", size, (12, 120, 60)).save(written, "PNG", **options)
    return written.getvalue()


def identified() -> str:
    """A fresh template in which only who and what is filled in."""
    text = template(REQUIREMENTS)
    for empty, filled in IDENTITY.items():
        text = text.replace(empty, filled)
    return re.sub(r'(purpose = "[a-z-]+".*\nname = )""', r'\1"Ada Example"', text)


def filled(on: date = TODAY) -> str:
    """The template filled in from top to bottom: every line is attested on that day, with `picture.png`."""
    text = re.sub(r'^(REV-\d = )""', r'\1"What the reviewer may read."', identified(), flags=re.MULTILINE)
    text = text.replace('answer = "no"\nname = ""', 'answer = "yes"\nname = "Ada Example"')
    text = text.replace('role = ""', 'role = "head of product"').replace("# date = 2026-03-02", f"date = {on}")
    text = text.replace('statement = ""', 'statement = "Seen by me in the release build."')
    return text.replace("evidence = []", 'evidence = ["picture.png"]')


def put(folder: Path, text: str, files: Mapping[str, bytes] | None = None) -> Path:
    """The dossier in a folder, with `picture.png` and other files beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"picture.png": png(), **(files or {})}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    file = folder / "golive.toml"
    file.write_text(text, encoding="utf-8")
    return file


def read(folder: Path, text: str, files: Mapping[str, bytes] | None = None, today: date = TODAY) -> Loaded:
    """The dossier as it is read on that day."""
    return load(put(folder, text, files), today=today, register=REQUIREMENTS, name="golive.toml")


def days_ago(days: int) -> date:
    return TODAY - timedelta(days=days)
