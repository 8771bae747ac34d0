"""The digests in the foot of the report: of the record that it shows, and of the manifest.

The page is itself a file of the manifest, so it is entered there as it was before: with 64 zeros in the foot.
"""

import re

from golive.bundle.errors import BundleError
from golive.bundle.manifest import sha256

PAGE = "evidence.html"
ZEROS = "0" * 64

_PLACE = re.compile(rb'(<code id="manifest-digest">)([0-9a-f]{64})(</code>)')
_RECORD = re.compile(rb'<code id="record-digest">([0-9a-f]{64})</code>')


def digest_in(page: bytes) -> str:
    """What the foot says; `BundleError` where the page has no such place, or several."""
    places = _PLACE.findall(page)
    if len(places) != 1:
        raise BundleError(f"{PAGE} has {len(places)} places for the manifest's digest in its foot, where one belongs")
    return str(places[0][1].decode())


def with_digest(page: bytes, digest: str) -> bytes:
    """The page with `digest` in its foot; every other byte is kept."""
    digest_in(page)
    return _PLACE.sub(rb"\g<1>" + digest.encode() + rb"\g<3>", page)


def is_of_record(page: bytes, record: bytes) -> bool:
    """Whether the page says in its foot, once, that it was made from these very bytes of evidence.json."""
    return _RECORD.findall(page) == [sha256(record).encode()]
