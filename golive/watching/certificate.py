"""A certificate for the gateway alone, signed by itself, for a backend that takes nothing but https.

It is made by the openssl command, which every system that a backend runs on has, so that no package is needed for it.
The key lies in a directory that nobody else can enter, for as long as it takes to be read: it is on no disk afterwards.
"""

import shutil
import ssl
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from golive.settings import SettingsError

_DAYS: Final = 30
_PATIENCE_S: Final = 60.0
_CONFIG: Final = """\
[req]
prompt = no
distinguished_name = name
x509_extensions = extensions
[name]
CN = golive gateway on this machine
[extensions]
subjectAltName = IP:127.0.0.1, DNS:localhost
basicConstraints = critical, CA:TRUE, pathlen:0
keyUsage = critical, digitalSignature, keyEncipherment, keyCertSign
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
"""


@dataclass(frozen=True)
class Certificate:
    """`text` is what a backend is to trust: no secret."""

    context: ssl.SSLContext
    text: bytes


def self_signed() -> Certificate:
    """A new one for 127.0.0.1 and localhost. Raises `SettingsError` where it cannot be made."""
    openssl = shutil.which("openssl")
    if openssl is None:
        raise SettingsError("--tls: needs the openssl command, which is not found here; install it, or leave --tls out")
    with tempfile.TemporaryDirectory(prefix="golive-gateway-") as private:  # readable for its owner alone
        config, key, certificate = (Path(private) / name for name in ("config", "key.pem", "certificate.pem"))
        config.write_text(_CONFIG, encoding="ascii")
        asked = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", str(_DAYS), "-config", str(config)]
        try:
            subprocess.run(  # noqa: S603 - fixed arguments
                [*asked, "-keyout", str(key), "-out", str(certificate)],
                check=True,
                capture_output=True,
                timeout=_PATIENCE_S,
            )
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate, key)
            return Certificate(context, certificate.read_bytes())
        except (OSError, subprocess.SubprocessError) as fault:
            raise SettingsError(
                f"--tls: the openssl command made no certificate ({type(fault).__name__}); try it by hand, or leave "
                "--tls out"
            ) from None
