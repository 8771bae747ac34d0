"""The three whole runs that several tests look at."""

import errno
import os
import pty
import struct
import subprocess
import termios
from fcntl import ioctl
from pathlib import Path
from typing import Any

from golive.simulator import EmbeddedSimulator, SimulatorOptions
from tests.plugin.bench import BRISK, CANARY_KEY, CANARY_PUBLISHABLE_KEY, TICK, left_behind, run_against
from tests.plugin.launch import PATIENCE_S, ROOT, Finished, clean_environment, pytest_command, run_pytest

WHOLE = (f"--tick={TICK}", *BRISK)
COLUMNS = 100


def embedded(directory: Path) -> Finished:
    """A rehearsal as a partner's first run is; what it leaves open would show on stderr."""
    return run_pytest(directory, *WHOLE, env={"PYTHONWARNINGS": "default::ResourceWarning"})


def on_a_terminal(directory: Path) -> Finished:
    """The same rehearsal, on a pseudo-terminal."""
    master, slave = pty.openpty()
    ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, COLUMNS, 0, 0))
    directory.mkdir(parents=True, exist_ok=True)
    environment = clean_environment(directory / "home") | {"TERM": "xterm-256color"}
    del environment["COLUMNS"]
    command = pytest_command(f"--report-dir={directory / 'report'}", *WHOLE)
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdin=slave, stdout=slave, stderr=slave) as process:
        os.close(slave)
        shown = bytearray()
        while chunk := _read(master):
            shown += chunk
        os.close(master)
        process.wait(PATIENCE_S)
    return Finished(process.returncode, shown.decode("utf-8", "replace"), "", str(directory))


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65536)
    except OSError as closed:
        if closed.errno == errno.EIO:  # how Linux says that the other end is closed
            return b""
        raise


def targeted(directory: Path) -> Finished:
    """The same against a simulator that was started apart, with canaries for keys."""
    options = SimulatorOptions(tick=TICK, key=CANARY_KEY, publishable_key=CANARY_PUBLISHABLE_KEY)
    return run_against(directory, options=options, facts=_with_secrets)


def _with_secrets(sim: EmbeddedSimulator) -> dict[str, Any]:
    secrets = [intent.client_secret for intent in sim.world.setup_intents.values()]
    secrets += [intent.client_secret for intent in sim.world.payment_intents.values()]
    return left_behind(sim) | {"client_secrets": secrets}
