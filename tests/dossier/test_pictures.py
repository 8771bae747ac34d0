"""Pictures keep what is seen and nothing else; what is no picture, or too much of one, is refused."""

import contextlib
import io
import random
import struct
import zlib
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageCms, PngImagePlugin

from golive.dossier.pictures import MOST_PIXELS, MOST_PROFILE_BYTES, cleaned
from golive.dossier.unusable import UnusableFile

WHERE = b"52.520008"
SECRETIVE = ["Canary-Camera", "Canary-Artist", "canary-comment", "canary-xmp", "canary-text"]


def noise(mode: str = "RGB", size: tuple[int, int] = (24, 17)) -> Image.Image:
    """A picture in which no two pixels need be alike."""
    rng = random.Random(f"{mode}{size}")  # noqa: S311 - a picture
    if mode == "I;16":
        return Image.frombytes(mode, size, rng.randbytes(size[0] * size[1] * 2))
    if mode == "P":
        picture = Image.frombytes("P", size, bytes(rng.randrange(16) for _ in range(size[0] * size[1])))
        picture.putpalette(rng.randbytes(16 * 3))
        return picture
    if mode == "1":
        return Image.frombytes("L", size, rng.randbytes(size[0] * size[1])).convert("1")
    return Image.frombytes(mode, size, rng.randbytes(size[0] * size[1] * len(Image.new(mode, (1, 1)).getbands())))


def smooth(size: tuple[int, int] = (64, 48)) -> Image.Image:
    """A picture such as JPEG is made for."""
    picture = Image.new("RGB", size)
    picture.putdata([(4 * x % 256, 5 * y % 256, (x + y) % 256) for y in range(size[1]) for x in range(size[0])])
    return picture


def exif(orientation: int | None = None) -> Image.Exif:
    """What a telephone writes: where it was, and whose it is."""
    made = Image.Exif()
    made[0x010F] = "Canary-Camera"
    made[0x013B] = "Canary-Artist"
    if orientation:
        made[0x0112] = orientation
    gps = made.get_ifd(0x8825)
    gps[1], gps[2] = "N", (52.0, 31.0, 12.0288)
    gps[29] = WHERE.decode()
    return made


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def packed_texts(content: bytes) -> bytes:
    """Whatever a PNG's chunks hold, unpacked where it is packed: nothing may hide there."""
    at, found = 8, b""
    while at + 8 <= len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        body = content[at + 8 : at + 8 + length]
        if kind in (b"zTXt", b"iCCP"):
            found += zlib.decompress(body[body.index(b"\0") + 2 :])
        elif kind == b"iTXt":
            _, rest = body.split(b"\0", 1)
            found += zlib.decompress(rest[2:].split(b"\0", 2)[2])
        at += 12 + length
    return found


# -- nothing that is seen is lost ----------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_png_keeps_every_pixel(mode: str) -> None:
    before = noise(mode)
    clean, removed = cleaned(saved(before, "PNG"), "PNG")
    after = opened(clean)
    assert (after.mode, after.size, after.tobytes()) == (before.mode, before.size, before.tobytes())
    assert removed == ()


@pytest.mark.parametrize("transparency", [3, bytes([0, 128, 255])], ids=["one colour", "several"])
def test_a_png_keeps_what_is_transparent(transparency: object) -> None:
    content = saved(noise("P"), "PNG", transparency=transparency)
    after = opened(cleaned(content, "PNG")[0])
    assert after.convert("RGBA").tobytes() == opened(content).convert("RGBA").tobytes()


@pytest.mark.parametrize("subsampling", [0, 1, 2], ids=["4:4:4", "4:2:2", "4:2:0"])
@pytest.mark.parametrize("quality", [60, 90])
def test_a_jpeg_keeps_its_quantization_and_looks_the_same(subsampling: int, quality: int) -> None:
    content = saved(smooth(), "JPEG", quality=quality, subsampling=subsampling)
    before, after = opened(content), opened(cleaned(content, "JPEG")[0])
    assert after.quantization == before.quantization  # type: ignore[attr-defined]
    assert after.info.get("progressive") == before.info.get("progressive")
    difference = ImageChops.difference(before.convert("RGB"), after.convert("RGB"))
    assert max(high for _, high in difference.getextrema()) <= 8  # type: ignore[misc]


def test_a_progressive_jpeg_stays_one_and_grey_stays_grey() -> None:
    after = opened(cleaned(saved(smooth().convert("L"), "JPEG", progressive=True), "JPEG")[0])
    assert after.info["progressive"]
    assert after.mode == "L"


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_upright_before_its_orientation_is_removed(kind: str, orientation: int) -> None:
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    before = smooth((48, 32))
    content = saved(before, kind, exif=exif(orientation))
    upright = before.transpose(turns[orientation]) if orientation > 1 else before
    after = opened(cleaned(content, kind)[0])
    assert after.size == upright.size
    assert not after.getexif()
    difference = ImageChops.difference(after.convert("RGB"), upright)
    assert max(high for _, high in difference.getextrema()) <= (0 if kind == "PNG" else 24)  # type: ignore[misc]


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_small_colour_profile_stays_since_colours_would_shift(kind: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    clean, removed = cleaned(saved(smooth(), kind, icc_profile=profile), kind)
    assert opened(clean).info["icc_profile"] == profile
    assert removed == ()
    clean, removed = cleaned(saved(smooth(), kind, icc_profile=b"\0" * (MOST_PROFILE_BYTES + 1)), kind)
    assert "icc_profile" not in opened(clean).info
    assert removed == ("colour profile",)


# -- nothing else is left ------------------------------------------------------------------------------------


def test_a_jpeg_loses_what_it_tells_beside_the_picture() -> None:
    content = saved(smooth(), "JPEG", exif=exif(), comment=b"canary-comment", xmp=b"<x:xmpmeta>canary-xmp</x:xmpmeta>")
    content = content[:2] + _segment(0xED, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x05canar\0") + content[2:]
    for canary in (WHERE, b"Canary-Camera", b"Canary-Artist", b"canary-comment", b"canary-xmp", b"canar"):
        assert canary in content
    clean, removed = cleaned(content, "JPEG")
    for canary in (WHERE, b"Canary", b"canar", b"Exif", b"xmp", b"Photoshop"):
        assert canary not in clean
    assert removed == ("EXIF", "GPS", "XMP", "IPTC", "comment")


def test_a_png_loses_what_it_tells_beside_the_picture() -> None:
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Comment", "canary-comment")
    texts.add_text("Packed", "canary-text", zip=True)
    texts.add_itxt("XML:com.adobe.xmp", "canary-xmp", zip=True)
    texts.add(b"tIME", struct.pack(">HBBBBB", 2026, 3, 2, 8, 0, 0))
    texts.add(b"prIv", b"canary-private")
    content = saved(noise(), "PNG", pnginfo=texts, exif=exif())
    assert b"canary-text" in packed_texts(content)
    clean, removed = cleaned(content, "PNG")
    for canary in (WHERE, b"Canary", b"canary", b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME", b"prIv"):
        assert canary not in clean + packed_texts(clean)
    assert removed == ("EXIF", "GPS", "XMP", "text", "time", "other data")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_hangs_on_to_a_picture_is_left_behind(kind: str) -> None:
    archive = b"PK\x03\x04 canary.js <script>canary</script>"
    clean, removed = cleaned(saved(smooth(), kind) + archive, kind)
    assert b"canary" not in clean
    assert removed == ("data after the picture",)
    assert cleaned(clean, kind) == (clean, ())


def test_the_further_pictures_of_a_telephone_are_left_behind() -> None:
    content = saved(smooth(), "MPO", save_all=True, append_images=[noise(size=(64, 48))])
    clean, removed = cleaned(content, "JPEG")
    assert removed == ("further pictures",)
    assert opened(clean).format == "JPEG"
    assert len(clean) < len(content)


def test_cleaning_what_is_clean_changes_nothing() -> None:
    for kind in ("PNG", "JPEG"):
        clean, _ = cleaned(saved(smooth(), kind), kind)
        assert cleaned(clean, kind)[1] == ()


# -- what is refused -----------------------------------------------------------------------------------------


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it has so many pixels."""
    rows = zlib.compress(b"\0" * (1024 * 1024), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*each) for each in ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b"")))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(body) + 2).to_bytes(2, "big") + body


@pytest.mark.parametrize("size", [(5001, 5000), (100_000, 100_000), (2**31 - 1, 2**31 - 1)], ids=str)
def test_a_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    with pytest.raises(UnusableFile, match=rf"more than {MOST_PIXELS}.*attach a smaller picture"):
        cleaned(bomb(*size), "PNG")


def test_an_animation_is_refused() -> None:
    content = saved(noise(), "PNG", save_all=True, append_images=[smooth((24, 17))])
    with pytest.raises(UnusableFile, match="is animated; attach a still picture"):
        cleaned(content, "PNG")


def test_a_depth_that_would_be_lost_is_refused() -> None:
    rows = zlib.compress(b"".join(b"\0" + bytes(6 * 4) for _ in range(4)))
    head = struct.pack(">IIBBBBB", 4, 4, 16, 2, 0, 0, 0)
    content = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")
    with pytest.raises(UnusableFile, match=r"16 bits a channel.*save it with 8"):
        cleaned(content, "PNG")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize("part", [0.0, 0.1, 0.4, 0.7])
def test_a_broken_picture_is_refused(kind: str, part: float) -> None:
    content = saved(noise(size=(200, 200)), kind)
    with pytest.raises(UnusableFile, match=f"is a broken {kind}; save it again"):
        cleaned(content[: max(12, int(len(content) * part))], kind)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_whatever_is_done_to_its_bytes_a_picture_is_taken_or_refused(kind: str) -> None:
    content = saved(smooth(), kind, exif=exif())
    rng = random.Random(11)  # noqa: S311 - damage
    for _ in range(300):
        damaged = bytearray(content)
        for _ in range(rng.randint(1, 8)):
            damaged[rng.randrange(4, len(damaged))] = rng.randrange(256)
        with contextlib.suppress(UnusableFile):
            assert WHERE not in cleaned(bytes(damaged), kind)[0]
