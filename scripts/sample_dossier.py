"""A dossier as a partner would fill it in, for the sample: an invented company, drawn screens.

python scripts/sample_dossier.py FOLDER
"""

import re
import sys
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from golive.dossier.template import template
from golive.evidence.checklist import REQUIREMENTS

WHO = {
    'partner = ""': 'partner = "Beispiel Mobility"',
    'integration = ""': 'integration = "Beispiel app and backend"',
    'version = ""': 'version = "2.4.0"',
    "countries = []": 'countries = ["AT", "DE", "IT"]',
    '# challenge = ""': 'challenge = "a word that Cariqa gave for this sample"',
}
CONTACTS = (
    ("go-live", "Ada Example", "golive@example.org", "Mon-Fri 09:00-17:00 Europe/Berlin"),
    ("support", "Service desk", "https://support.example.org", "daily 06:00-22:00 Europe/Berlin"),
)
STATEMENTS = {
    "BE-1": "The token lies in the vault of our cloud; only the backend's service account can read it.",
    "FE-1": "A driver adds a card on the screen shown; the card's data go from the app to Stripe only.",
    "FE-2": "We set up each of the published test cards, those that are declined too.",
    "FE-3": "The screen shows that a charge is active, since when, and the energy so far if the station tells it.",
    "FE-4": "The same screen has the button to stop; it asks once whether that is meant.",
    "FE-5": "Each error of the API has a sentence of its own for drivers, in German, English and Italian.",
    "FE-6": "While an answer is awaited the screen says so; what may be tried again has a button for it.",
    "PROD-1": "The production token will lie in a vault of its own, which no developer can read.",
    "PROD-2": "The live publishable key is part of the release configuration and was reviewed by two people.",
    "PROD-3": "Errors were provoked in DEV for each row of the table, and watched in the app.",
    "PROD-4": "Two testers followed every story from sign-up to receipt in DEV.",
}
REVIEWED = {
    "REV-1": "Sign-up, card, map, start, status, stop, receipt: the pictures of FE-1 to FE-6 follow this order.",
    "REV-2": "Cards by Stripe's Payment Element in test mode; a setup intent for each new card.",
    "REV-3": "The backend polls every five seconds while a charge is active and reads the receipt after it.",
    "REV-4": "No start is repeated without the driver; after a lost answer the state is read first.",
    "REV-5": "The service desk was trained with the support codes and can reach Cariqa's team.",
    "REV-6": "Invoices in Italy carry tax id or VAT id, which are asked for before the first charge.",
}
SCREENS = {
    "FE-1": ("Add a card", ("4242 4242 4242 4242", "12/34   123"), "Save card"),
    "FE-2": ("Your cards", ("Visa  4242", "Mastercard  4444", "Declined  0002"), "Add a card"),
    "FE-3": ("Charging", ("since 10:15", "12.350 kWh", "DE*PWA*EALP22541X01617*01"), "Stop"),
    "FE-4": ("Stop charging?", ("12.350 kWh so far", "The receipt follows."), "Yes, stop"),
    "FE-5": ("Station is busy", ("Another car is charging here.", "Please try another station."), "Show the map"),
    "FE-6": ("Starting", ("This can take a minute.",), "Cancel"),
}
WIDTH, HEIGHT = 390, 520


def draw(title: str, lines: tuple[str, ...], button: str) -> Image.Image:
    """A screen of an app that does not exist."""
    screen = Image.new("RGB", (WIDTH, HEIGHT), "#f4f6f5")
    pen = ImageDraw.Draw(screen)
    pen.rectangle((0, 0, WIDTH, 84), fill="#0b5d4e")
    pen.text((24, 30), title, fill="white", font=ImageFont.load_default(26))
    for number, line in enumerate(lines):
        pen.text((24, 124 + 44 * number), line, fill="#1c2321", font=ImageFont.load_default(20))
    pen.rounded_rectangle((24, HEIGHT - 92, WIDTH - 24, HEIGHT - 32), 12, fill="#0b5d4e")
    pen.text((WIDTH / 2, HEIGHT - 62), button, fill="white", font=ImageFont.load_default(20), anchor="mm")
    return screen


def filled() -> str:
    """The template, answered: every line a person can answer for is attested today."""
    text = template(REQUIREMENTS)
    for empty, said in WHO.items():
        text = text.replace(empty, said)
    for purpose, name, channel, hours in CONTACTS:
        text = re.sub(
            rf'(purpose = "{purpose}".*\n)name = ""\nchannel = ""(.*)\nhours = ""',
            rf'\1name = "{name}"\nchannel = "{channel}"\2\nhours = "{hours}"',
            text,
        )
    for id_, said in REVIEWED.items():
        text = text.replace(f'{id_} = ""', f'{id_} = "{said}"')
    head, *tables = text.split("[[attestation]]")
    return "[[attestation]]".join((head, *(_attested(table) for table in tables)))


def _attested(table: str) -> str:
    found = re.search(r'requirement = "([A-Z]+-\d)"', table)
    if found is None:
        raise ValueError("a table of the template names no requirement")
    id_ = found[1]
    answers = {
        'answer = "no"': 'answer = "yes"',
        'name = ""': 'name = "Ada Example"',
        'role = ""': 'role = "head of product"',
        "# date = 2026-03-02": f"date = {datetime.now(UTC).date()}",
        'statement = ""': f'statement = "{STATEMENTS.get(id_, "What is said under review is so in release 2.4.0.")}"',
    }
    if id_ in SCREENS:
        answers["evidence = []"] = f'evidence = ["{id_}.png"]'
    for empty, said in answers.items():
        table = table.replace(empty, said, 1)
    return table


def write(folder: Path) -> Path:
    """Write the dossier and its pictures into `folder`; the path of the dossier."""
    folder.mkdir(parents=True, exist_ok=True)
    for id_, screen in SCREENS.items():
        draw(*screen).save(folder / f"{id_}.png", optimize=True)
    file = folder / "golive.toml"
    file.write_text(filled(), encoding="utf-8")
    return file


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
