"""A server that stands where the production host's name leads, and runs that would come to it if nothing held them."""

import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.plugin.launch import PATIENCE_S, ROOT, Finished, clean_environment
from tests.plugin.servers import Counting, html, serving
from tests.prod.resolver import LOOKUPS, PORT, PROD, SITECUSTOMIZE


@dataclass
class Prod:
    """Who came by: connections, whatever was said on them, and look-ups of the name."""

    server: Counting
    directory: Path
    lookups: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.server.url.rpartition(":")[2])

    @property
    def visits(self) -> int:
        """Connections, and look-ups of the name: who looks a name up means to go there."""
        file = self.directory / "lookups"
        return self.server.connections + len(self.lookups) + (len(file.read_text()) if file.exists() else 0)

    def environment(self) -> dict[str, str]:
        """What makes PROD's name lead here in a child, and in its children."""
        site = self.directory / "site"
        site.mkdir(exist_ok=True)
        (site / "sitecustomize.py").write_text(SITECUSTOMIZE, encoding="utf-8")
        return {
            "PYTHONPATH": f"{site}:{ROOT}",
            PORT: str(self.port),
            LOOKUPS: str(self.directory / "lookups"),
        }


@contextmanager
def prod(directory: Path) -> Iterator[Prod]:
    with serving(html) as server:
        yield Prod(server, directory)


def proxies() -> dict[str, str]:
    """An environment in which every request would pass a proxy that is the production host itself."""
    proxy = f"http://{PROD}:3128"
    names = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {name: proxy for upper in names for name in (upper, upper.lower())} | {"NO_PROXY": "", "no_proxy": ""}


def run_python(prod: Prod, *args: str, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> Finished:
    """Python with these arguments, where the production host is ours."""
    done = subprocess.run(
        [sys.executable, *args],
        cwd=cwd,
        env=clean_environment(prod.directory / "home", {**prod.environment(), **(env or {})}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )
    return Finished(done.returncode, done.stdout, done.stderr, str(prod.directory))


def spellings(*, scheme: str = "https") -> tuple[str, ...]:
    """URLs that some parser or other takes for the production host's."""
    hosts = (
        PROD,
        PROD.upper(),
        f"{PROD}.",
        f"{PROD}:443",
        f"{PROD}:8443",
        f"someone@{PROD}",
        f"someone:secret@{PROD}:443",
        f"dev.connect.cariqa.com@{PROD}",
        f"dev.connect.cariqa.com%40{PROD}",
        "connect%2Ecariqa%2Ecom",
        "connect%252Ecariqa.com",
        "c%6fnnect.cariqa.com",
        "connect\u3002cariqa\uff0ecom",
        "connect\uff61cariqa.com",
        "\uff43onnect.cariqa.com",
        "conn\u00adect.cariqa.com",
        "connect.cariqa.\u200bcom",
        f"{PROD}\\@dev.connect.cariqa.com",
        f"dev.connect.cariqa.com\\@{PROD}",
        f" {PROD}",
        f"{PROD}\t",
    )
    return tuple(f"{scheme}://{host}/api/v1/" for host in hosts)
