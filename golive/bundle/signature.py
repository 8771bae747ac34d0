"""A detached signature with the keys of SSH, for partners that want it: `ssh-keygen -Y`, nothing of our own.

What is signed is the archive as it stands, with the namespace `golive-evidence`, so that a signature given for
anything else does not count here.
"""

import subprocess
from pathlib import Path

from golive.bundle.errors import BundleError, NotThereError
from golive.bundle.opening import regular
from golive.bundle.writing import write_whole

NAMESPACE = "golive-evidence"
SUFFIX = ".sig"

_PATIENCE_S = 120
"""A key may ask for its passphrase, or for a touch on a hardware key."""
_NO_PROGRAM = "ssh-keygen was not found: signatures need OpenSSH 8.2 or newer on the path"


def sign(bundle: Path, key: Path) -> Path:
    """Write the signature beside the bundle; returns its path. An earlier one stays until the new one is whole.

    Raises NotThereError where a file is missing or ssh-keygen is, BundleError where it refuses the key or the
    signature cannot be written.
    """
    for needed in (bundle, key):
        regular(needed)
    signature = bundle.with_name(bundle.name + SUFFIX)
    done = _ssh_keygen("-Y", "sign", "-q", "-n", NAMESPACE, "-f", str(key.absolute()), told=_read(bundle))
    if done.returncode != 0 or not done.stdout:
        raise BundleError(f"ssh-keygen cannot sign with {key}: {_said(done)}")
    try:
        write_whole(signature, done.stdout)
    except OSError as problem:
        raise BundleError(f"{signature} cannot be written: {problem.strerror or problem}") from None
    return signature


def signer(bundle: Path, signature: Path, signers: Path, identity: str | None) -> tuple[str | None, str]:
    """Who signed the bundle, of those in the allowed-signers file `signers`, and a sentence; None where nobody did.

    With `identity` it has to be that one. Raises NotThereError where a file is missing or ssh-keygen is.
    """
    for needed in (signature, signers):
        regular(needed)
    if identity is None:
        found = _ssh_keygen("-Y", "find-principals", "-s", str(signature.absolute()), "-f", str(signers.absolute()))
        names = found.stdout.decode(errors="replace").split("\n")
        if found.returncode != 0 or not names[0]:
            return None, f"signed by nobody in {signers.name}: {_said(found)}"
        identity = names[0]
    files = ("-s", str(signature.absolute()), "-f", str(signers.absolute()))
    done = _ssh_keygen("-Y", "verify", "-n", NAMESPACE, "-I", identity, *files, told=_read(bundle))
    if done.returncode != 0:
        return None, f"not the signature of {identity} for this bundle: {_said(done)}"
    return identity, f"signed by {identity}"


def _ssh_keygen(*arguments: str, told: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - no shell, and each argument is one word
            ["ssh-keygen", *arguments],  # noqa: S607 - from the path, as the user has it
            input=told,
            capture_output=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except FileNotFoundError:
        raise NotThereError(_NO_PROGRAM) from None
    except subprocess.TimeoutExpired:
        raise BundleError(f"ssh-keygen did not end within {_PATIENCE_S} s") from None


def _read(bundle: Path) -> bytes:
    try:
        return bundle.read_bytes()
    except OSError as problem:
        raise NotThereError(f"{bundle} cannot be read: {problem.strerror or problem}") from None


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = (done.stderr + done.stdout).decode(errors="replace").split("\n")
    return next((line.strip().rstrip(".") for line in lines if line.strip()), f"exit status {done.returncode}")
