"""Whole runs whose target says every secret in every answer: nothing that they leave or show says one."""

import io
import shlex
import sys
import zipfile
from pathlib import Path

from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import BRISK, TICK
from tests.plugin.launch import ROOT, Finished
from tests.secrets.canaries import KEY, PLANTED, PUBLISHABLE, client_secrets, echoing
from tests.secrets.search import Place, leaks
from tests.secrets.watching import watched

LOUD = (
    *("-vv", "-rA", "--showlocals", "--tb=long", "--full-trace", "--setup-show", "--durations=0"),
    *("--log-cli-level=DEBUG", "--log-level=DEBUG", "-W", "always"),
)
PART = (
    "--evse=DE*CIQ*EWBNHHLM82TLA*1",
    "--evse=DE*PWA*EALP22541X01617*01",
    *(f"suites/test_{part}.py" for part in ("01_credentials", "02_users", "04_payment_methods", "06_charging")),
)
"""Enough to meet every actor and every kind of answer; all others are in the record as left out."""

KINDS = {
    "stdout",
    "report/evidence.json",
    "report/evidence.html",
    "report/junit.xml",
    "report/summary.md",
    "report/reconciliation.csv",
    "report/log.html",
    "report/allure-results",
    "report/golive-unnamed",
    "other/junit.xml",
    "other/cache",
    "process cmdline",
    "process environ",
    "while it ran: report/journal-",
    "while it ran: report/unfinished",
}
"""What must be among the places that are searched."""

LEAKY = """
from golive.recording import Redactor
from golive.plugin import masking

Redactor._text = lambda self, s, cut_off, fields: s
Redactor.headers = lambda self, h: {k.lower(): v for k, v in (h.items() if hasattr(h, "items") else h)}
Redactor.found_in = lambda self, contents: None
"""
"""The suite without its redactor."""


def everything_of(directory: Path, *args: str) -> tuple[Finished, list[Place], list[str]]:
    """A loud run against a target that says everything, the places to be searched, and the secrets."""
    vault, work = directory / "vault", directory / "work"
    vault.write_text(KEY, encoding="utf-8")
    other = work / "other"
    other.mkdir(parents=True)
    program = f"print(open({str(vault)!r}).read())"
    env = {
        "CONNECT_API_KEY_CMD": f"{shlex.quote(sys.executable)} -c {shlex.quote(program)}",
        "STRIPE_PUBLISHABLE_KEY": PUBLISHABLE,
        "PYTHONPATH": str(directory),
    }
    places = (
        f"--report-dir={work / 'report'}",
        f"--junitxml={other / 'junit.xml'}",
        f"--log-file={other / 'log.txt'}",
        *("-o", f"cache_dir={other / 'cache'}"),
    )
    options = SimulatorOptions(tick=TICK, key=KEY, publishable_key=PUBLISHABLE)
    with EmbeddedSimulator(options, middleware=[echoing]) as sim:
        run = (sys.executable, "-m", "pytest", f"--target={sim.url}", "--poll-interval=0.02", *BRISK)
        finished, seen = watched(work, [*run, *LOUD, *places, *(args or PART)], cwd=ROOT, env=env)
        secrets = [*PLANTED, *client_secrets(sim)[::3]]  # all are of one kind
    # The publishable key is public, and stands in the environment here; that it is kept out of all else is seen below.
    seen = [(where, what) for where, what in seen if where != "process environ" or PUBLISHABLE.encode() not in what] + [
        (where, what.replace(PUBLISHABLE.encode(), b""))
        for where, what in seen
        if where == "process environ" and isinstance(what, bytes)
    ]
    return finished, seen, secrets


def test_no_secret_is_in_anything_that_a_run_leaves_or_shows(tmp_path: Path) -> None:
    finished, places, secrets = everything_of(tmp_path)
    assert len(finished.checks) > 100, finished.output[-3000:]
    assert finished.status in (0, 1), finished.output[-3000:]
    assert len(secrets) > len(PLANTED)
    assert leaks(places, secrets) == []
    beside = [place for place in places if not place[0].startswith("report/")]
    assert leaks(beside, [KEY], pieces=True) == []
    for kind in KINDS:  # each was there, and a secret in it would have been found
        where, what = next((place for place in places if place[0].startswith(kind) and place[1]), (kind, b""))
        assert what, f"{kind} was not searched"
        raw = what.encode() if isinstance(what, str) else what
        middle = len(raw) // 2
        packed = zipfile.is_zipfile(io.BytesIO(raw))
        spoilt = with_one_more(raw) if packed else raw[:middle] + KEY.encode() + raw[middle:]
        assert leaks([(where, spoilt)], [KEY])[0].startswith(f"{where}!manifest-too" if packed else where)


def with_one_more(archive: bytes) -> bytes:
    packed = io.BytesIO(archive)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("manifest-too", KEY)
    return packed.getvalue()


def test_without_the_redactor_the_search_finds_them_nearly_everywhere(tmp_path: Path) -> None:
    """What proves that the run above would have been found out."""
    (tmp_path / "leaky.py").write_text(LEAKY, encoding="utf-8")
    _, places, _ = everything_of(tmp_path, "-p", "leaky", "suites/test_01_credentials.py", "suites/test_02_users.py")
    found = {leak.partition(":")[0].partition("!")[0] for leak in leaks(places, [KEY])}
    for kind in ("report/evidence.json", "report/evidence.html", "report/allure-results", "report/golive-unnamed"):
        assert any(where.startswith(kind) for where in found), kind
