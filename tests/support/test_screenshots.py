"""Files of cases: what is shown has nothing of the file but its pixels, what cannot be shown is kept and never opened, and no
file takes more than its share of memory and time.
"""

import struct
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from activkode.core.errors import Code, Refusal
from activkode.support import screenshots
from activkode.support.policy import FIGURES, Figure

SECRET = b"canary-of-metadata"


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def picture(mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Left half dark, right half light."""
    image = Image.new("RGB", size, (200, 40, 40))
    image.paste((20, 20, 120), (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(
    width: int, height: int, pixels: bytes = b"", depth: int = 8, colour: int = 2, *extra: bytes
) -> bytes:
    """A PNG of handwritten chunks."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + b"".join(extra)
        + chunk(b"IDAT", zlib.compress(pixels))
        + chunk(b"IEND", b"")
    )


def exif(orientation: int) -> bytes:
    found = Image.Exif()
    found[0x0112] = orientation
    found[0x010E] = SECRET.decode()
    return found.tobytes()


def text_chunks() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    info.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    return info


def animated(kind: str) -> bytes:
    return saved(picture(), kind, save_all=True, append_images=[picture("L").convert("RGB")] * 3, duration=50)


def zipped() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../evil.txt", b"0" * 5_000_000)
    return out.getvalue()


SHOWN: dict[str, Callable[[], bytes]] = {
    "png rgb": lambda: saved(picture(), "PNG"),
    "png rgba": lambda: saved(picture("RGBA"), "PNG"),
    "png grey": lambda: saved(picture("L"), "PNG"),
    "png grey with alpha": lambda: saved(picture("LA"), "PNG"),
    "png black and white": lambda: saved(picture("1"), "PNG"),
    "png palette": lambda: saved(picture("P"), "PNG"),
    "png palette with a transparent colour": lambda: saved(picture("P"), "PNG", transparency=0),
    "png of 16 bits": lambda: saved(Image.new("I;16", (40, 20), 40_000), "PNG"),
    "png of 16 bits a colour": lambda: png(2, 1, b"\x00" + b"\xff\x00" * 6, 16, 2),
    "png with text": lambda: saved(picture(), "PNG", pnginfo=text_chunks()),
    "png with exif": lambda: saved(picture(), "PNG", exif=exif(1)),
    "png with a profile": lambda: saved(picture(), "PNG", icc_profile=SECRET),
    "png with unknown chunks": lambda: png(1, 1, b"\0\1\2\3", 8, 2, chunk(b"scRt", SECRET)),
    "png with a page behind it": lambda: saved(picture(), "PNG") + b"<script>" + SECRET,
    "png with an archive behind it": lambda: saved(picture(), "PNG") + SECRET + zipped(),
    "png that moves": lambda: animated("PNG"),
    "jpeg": lambda: saved(picture(), "JPEG"),
    "jpeg grey": lambda: saved(picture("L"), "JPEG"),
    "jpeg progressive": lambda: saved(picture(), "JPEG", progressive=True),
    "jpeg cmyk": lambda: saved(picture("CMYK"), "JPEG"),
    "jpeg with exif": lambda: saved(picture(), "JPEG", exif=exif(1)),
    "jpeg with a comment": lambda: saved(picture(), "JPEG", comment=SECRET),
    "jpeg with a profile": lambda: saved(picture(), "JPEG", icc_profile=SECRET),
    "jpeg with xmp": lambda: saved(picture(), "JPEG", xmp=SECRET),
    "jpeg with a page behind it": lambda: saved(picture(), "JPEG") + b"<html>" + SECRET,
    "jpeg turned": lambda: saved(picture(), "JPEG", exif=exif(6)),
    "webp": lambda: saved(picture(), "WEBP"),
    "webp without loss": lambda: saved(picture(), "WEBP", lossless=True),
    "webp with alpha": lambda: saved(picture("RGBA"), "WEBP"),
    "webp with exif": lambda: saved(picture(), "WEBP", exif=exif(1)),
    "webp with xmp": lambda: saved(picture(), "WEBP", xmp=SECRET),
    "webp that moves": lambda: animated("WEBP"),
    "png with a thousand times its pixels": lambda: png(100, 100, b"\0" * 30_000_000),
    "png under another name": lambda: saved(picture(), "PNG"),
}
KEPT: dict[str, Callable[[], bytes]] = {
    "png cut off": lambda: saved(picture(size=(400, 300)), "PNG")[:-200],
    "png without pixels": lambda: png(40, 20),
    "png with a wrong checksum": lambda: saved(picture(), "PNG").replace(b"IHDR\x00", b"IHDR\x01", 1),
    "png of no size": lambda: png(0, 0),
    "png of two thousand million pixels": lambda: png(50_000, 50_000, b"\0" * 1000),
    "png of 4.3 GB in a kilobyte": lambda: png(65_535, 65_535, b"\0" * 1000),
    "png one pixel too many": lambda: png(5_000, 5_001, b"\0" * 1000),
    "png one pixel too wide": lambda: png(16_384, 1, b"\0" * (16_384 * 3 + 1)),
    "png whose text is a bomb": lambda: png(
        1, 1, b"\0\1\2\3", 8, 2, chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 80_000_000))
    ),
    "png signature alone": lambda: b"\x89PNG\r\n\x1a\n",
    "jpeg cut off": lambda: saved(picture(size=(400, 300)), "JPEG")[:900],
    "jpeg signature alone": lambda: b"\xff\xd8\xff\xe0",
    "jpeg of nothing": lambda: b"\xff\xd8\xff\xd9",
    "webp cut off": lambda: saved(picture(size=(400, 300)), "WEBP")[:60],
    "riff that is a wave": lambda: b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 60,
    "gif": lambda: saved(picture("P"), "GIF"),
    "bmp": lambda: saved(picture(), "BMP"),
    "tiff": lambda: saved(picture(), "TIFF"),
    "psd": lambda: b"8BPS\x00\x01" + b"\0" * 6 + b"\x00\x03" + b"\xff" * 20,
    "gd": lambda: b"\xff\xfe\xff\xff\xff\xff\x01" + b"\0" * 1000,
    "svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "svg of entities": lambda: b'<!DOCTYPE a [<!ENTITY b "b">]><svg>&b;</svg>',
    "html": lambda: b"<html><script>alert(1)</script></html>",
    "html that begins like an image": lambda: b"\xff\xd8\xff<script>alert(1)</script>",
    "pdf": lambda: b"%PDF-1.7\n" + b"\0" * 100,
    "zip": zipped,
    "text": lambda: b"hello",
    "noise": lambda: bytes(range(256)) * 40,
}  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_an_image_is_shown_and_nothing_but_its_pixels_is_kept(name: str) -> None:
    given = SHOWN[name]()

    file = screenshots.read(f"{name}.exe", given)

    assert file.image and file.media_type == f"image/{name.split()[0]}"
    assert file.name.endswith(name.split()[0])
    shown = Image.open(BytesIO(file.content))
    shown.load()
    assert (shown.width, shown.height) == (file.width, file.height)
    assert SECRET not in file.content and b"<script" not in file.content and b"PK\x03\x04" not in file.content
    assert not shown.getexif() and getattr(shown, "n_frames", 1) == 1
    assert {"comment", "icc_profile", "exif", "xmp", "Comment", "XML:com.adobe.xmp"}.isdisjoint(shown.info)


@pytest.mark.parametrize("name", KEPT)
def test_anything_else_is_kept_as_it_is_and_not_opened(name: str) -> None:
    given = KEPT[name]()

    file = screenshots.read(f"{name}.bin", given)

    assert (file.image, file.media_type, file.width) == (False, "application/octet-stream", None)
    assert file.content == given


def test_there_are_at_least_forty_files() -> None:
    assert len(SHOWN) + len(KEPT) >= 40


def test_a_turned_photograph_stands_upright() -> None:
    file = screenshots.read("a.jpg", saved(picture(), "JPEG", exif=exif(6)))
    shown = Image.open(BytesIO(file.content)).convert("RGB")
    assert (file.width, file.height) == (20, 40)
    top, bottom = shown.getpixel((10, 3)), shown.getpixel((10, 36))
    assert top[2] > top[0] and bottom[0] > bottom[2]  # type: ignore[index,operator]


def test_sixteen_bits_keep_their_brightness() -> None:
    file = screenshots.read("a.png", saved(Image.new("I;16", (4, 4), 40_000), "PNG"))
    assert Image.open(BytesIO(file.content)).getpixel((1, 1)) == 40_000 >> 8


def test_a_large_photograph_within_the_limits_is_shown() -> None:
    file = screenshots.read("a.png", saved(Image.new("RGBA", (5_000, 5_000), (1, 2, 3, 4)), "PNG"))
    assert file.image and (file.width, file.height) == (5_000, 5_000)


@pytest.mark.parametrize(("content", "code"), [(b"", Code.INVALID_REQUEST), (None, Code.BODY_TOO_LARGE)])
def test_nothing_and_too_much_are_refused(content: bytes | None, code: Code) -> None:
    too_much = b"\0" * (FIGURES[Figure.SCREENSHOT_BYTES_MOST] + 1)
    with pytest.raises(Refusal) as refused:
        screenshots.read("a.png", too_much if content is None else content)
    assert refused.value.code is code


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\alice\\shot.png", "shot.png"),
        ("a\r\nSet-Cookie: b.txt", "a Set-Cookie_ b.txt"),
        ("inv\u202egnp.exe", "invgnp.exe"),
        ("", "file"),
        ("....", "file"),
        ("x" * 500 + ".txt", "x" * 100 + ".txt"),
    ],
)
def test_names_hold_no_path_and_no_trick(given: str, kept: str) -> None:
    assert screenshots.read(given, b"hello").name == kept


def test_a_decoder_that_runs_away_is_stopped(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    child = tmp_path / "child.py"
    child.write_text("while True: pass")
    monkeypatch.setattr(screenshots, "_CHILD", child)
    monkeypatch.setattr(screenshots, "_WALL_SECONDS", 0.3)
    assert screenshots.read("a.png", b"x").image is False


def test_a_decoder_that_was_taken_over_cannot_fill_our_memory(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    child = tmp_path / "child.py"
    child.write_text("import sys\nwhile True: sys.stdout.buffer.write(b'0' * 65536)")
    monkeypatch.setattr(screenshots, "_CHILD", child)
    assert screenshots.read("a.png", b"x").image is False


def test_the_decoder_gets_no_secret_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {"SECRET_KEY", "DATABASE_URL"}.isdisjoint(screenshots._ENVIRONMENT)
