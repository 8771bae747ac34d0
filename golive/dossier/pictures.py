"""Pictures, written anew from their pixels: what a camera or a program told beside the picture is left behind.

PNG keeps every pixel as it is. JPEG keeps its quantization and subsampling, so that writing it again loses nothing
that can be seen. Colour profiles stay where they are small, since colours would shift without them.
"""

import io
import struct
import warnings
from typing import TYPE_CHECKING, Final

from golive.dossier.unusable import UnusableFile

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_PIXELS: Final = 25_000_000
"""As many as a long page of a desktop browser; a decompression bomb has more."""
MOST_PROFILE_BYTES: Final = 64 * 1024

_EXIF_ORIENTATION: Final = 0x0112
_EXIF_GPS: Final = 0x8825
_PNG_TEXT: Final = {b"tEXt", b"zTXt", b"iTXt"}
_PNG_PICTURE: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB"})
_PNG_LAYOUT: Final = frozenset({b"pHYs", b"bKGD", b"hIST", b"iCCP"})
_PNG_KNOWN: Final = _PNG_PICTURE | _PNG_LAYOUT | _PNG_TEXT | {b"eXIf", b"tIME"}
"""Chunks that are part of the picture, or are told by a name of their own."""
_PNG_DEEP: Final = 16


def cleaned(content: bytes, kind: str) -> tuple[bytes, tuple[str, ...]]:
    """The picture (`kind` is PNG or JPEG) without what is not picture, upright, and the names of what was removed.

    Raises `UnusableFile`.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of what is refused or left behind here anyway
            with Image.open(io.BytesIO(content), formats=(kind,)) as picture:
                _refuse(picture, content, kind)
                picture.load()
                removed = _besides(picture, content, kind)
                clean = _png(picture) if kind == "PNG" else _jpeg(picture)
    except UnidentifiedImageError:
        raise UnusableFile(f"is a broken {kind}; save it again") from None
    except Image.DecompressionBombError:
        raise UnusableFile(f"has more than {MOST_PIXELS} pixels; attach a smaller picture") from None
    except (OSError, SyntaxError, ValueError, struct.error, EOFError, KeyError, IndexError, TypeError):
        raise UnusableFile(f"is a broken {kind}; save it again") from None
    return clean, removed


def _refuse(picture: "Image", content: bytes, kind: str) -> None:
    """What can be told from the head, before a pixel is decoded."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise UnusableFile(f"has {width} x {height} pixels, more than {MOST_PIXELS}; attach a smaller picture")
    if kind == "PNG":
        if getattr(picture, "is_animated", False):
            raise UnusableFile("is animated; attach a still picture, or name a video by its URL")
        depth, colour = content[24], content[25]
        if depth == _PNG_DEEP and colour != 0:
            raise UnusableFile("has 16 bits a channel, which would be lost; save it with 8")


def _besides(picture: "Image", content: bytes, kind: str) -> tuple[str, ...]:
    """What the file holds besides its picture, all of which is left behind."""
    exif = picture.getexif()
    chunks, end = _png_parts(content) if kind == "PNG" else (set(), _jpeg_end(content))
    found = {
        "EXIF": bool(exif) or "exif" in picture.info,
        "GPS": bool(exif.get_ifd(_EXIF_GPS)),
        "XMP": "xmp" in picture.info or "XML:com.adobe.xmp" in picture.info,
        "IPTC": "photoshop" in picture.info,
        "text": bool(chunks & _PNG_TEXT),
        "time": b"tIME" in chunks,
        "other data": bool(chunks - _PNG_KNOWN),
        "comment": "comment" in picture.info,
        "further pictures": picture.format == "MPO",
        "colour profile": len(picture.info.get("icc_profile") or b"") > MOST_PROFILE_BYTES,
        "data after the picture": picture.format != "MPO" and bool(content[end:].strip(b"\0\r\n")),
    }
    return tuple(name for name, there in found.items() if there)


def _png(picture: "Image") -> bytes:
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(picture)
    upright.info = {key: value for key, value in picture.info.items() if key == "transparency"}
    written = io.BytesIO()
    upright.save(written, "PNG", optimize=True, icc_profile=_profile(picture))
    return written.getvalue()


def _jpeg(picture: "Image") -> bytes:
    from PIL import ImageOps, JpegImagePlugin

    tables = getattr(picture, "quantization", None)
    options: dict[str, object] = {"qtables": tables} if tables else {"quality": 95}
    subsampling = JpegImagePlugin.get_sampling(picture)
    if subsampling != -1:
        options["subsampling"] = subsampling
    profile = _profile(picture)
    progressive = bool(picture.info.get("progressive"))
    upright = ImageOps.exif_transpose(picture)
    upright.info = {}
    written = io.BytesIO()
    upright.save(written, "JPEG", optimize=True, progressive=progressive, icc_profile=profile, **options)
    return written.getvalue()


def _profile(picture: "Image") -> bytes | None:
    profile = picture.info.get("icc_profile")
    return profile if isinstance(profile, bytes) and len(profile) <= MOST_PROFILE_BYTES else None


def _png_parts(content: bytes) -> tuple[set[bytes], int]:
    """The types of a PNG's chunks, and where its last one ends."""
    kinds: set[bytes] = set()
    at = 8
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        kinds.add(kind)
        at += 12 + length
        if kind == b"IEND":
            break
    return kinds, at


def _jpeg_end(content: bytes) -> int:
    """Where a JPEG's picture ends: after the first end marker that follows its scans."""
    at = 2
    while at + 2 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF or 0xD0 <= marker <= 0xD7:
            at += 1 if marker == 0xFF else 2
            continue
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
        if marker == 0xDA:
            at = _after_scan(content, at)
    return at


def _after_scan(content: bytes, at: int) -> int:
    """The next marker behind a scan's data, in which 0xFF is followed by 0 or by a restart marker."""
    while (at := content.find(b"\xff", at)) >= 0 and at + 1 < len(content):
        if content[at + 1] != 0 and not 0xD0 <= content[at + 1] <= 0xD7:
            return at
        at += 2
    return len(content)
