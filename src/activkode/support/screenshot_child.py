"""A program of its own that decodes one image from standard input and writes it, encoded again, to standard output: nothing
of what the file held beside its pixels goes on. It limits its memory and time before it looks at anything.

Started by screenshots.py; must import nothing but Pillow's three readers, and must never write a file or open a connection.
Output: a line of JSON {"media_type", "width", "height"}, then the image. Exit code 1: this is no image that is shown.
"""

import json
import resource
import sys
from io import BytesIO
from typing import Any

_MEMORY_BYTES = 768 * 2**20
_CPU_SECONDS = 20
_JPEG_QUALITY = 90
_SIGNATURES = ((b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"RIFF", "WEBP"))
# What the encoders take as it is; anything else becomes one of these.
_PLAIN = {"PNG": ("L", "RGB", "RGBA"), "JPEG": ("L", "RGB"), "WEBP": ("RGB", "RGBA")}


def main(pixels_most: int, side_most: int, bytes_most: int) -> int:
    """Reads, decodes, writes; the exit code."""
    _limit()
    content = sys.stdin.buffer.read()
    kind = next((name for signature, name in _SIGNATURES if content.startswith(signature)), None)
    if kind is None:
        return 1
    try:
        image = _decoded(kind, content, pixels_most, side_most)
        kind, shown = _encoded(kind, image, bytes_most)
    except Exception:  # noqa: BLE001 - whatever a file makes a decoder trip over, it is no image then
        return 1
    told = {"media_type": f"image/{kind.lower()}", "width": image.width, "height": image.height}
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + shown)
    return 0


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))


def _decoded(kind: str, content: bytes, pixels_most: int, side_most: int) -> Any:
    # The three readers themselves: Image.open would try every format that Pillow knows (FAILURES S07).
    from PIL import ImageOps, JpegImagePlugin, PngImagePlugin, WebPImagePlugin

    readers: dict[str, Any] = {
        "PNG": PngImagePlugin.PngImageFile,
        "JPEG": JpegImagePlugin.JpegImageFile,
        "WEBP": WebPImagePlugin.WebPImageFile,
    }
    image = readers[kind](BytesIO(content))
    width, height = image.size
    if not (0 < width <= side_most and 0 < height <= side_most and width * height <= pixels_most):
        raise ValueError("too large")
    image.load()  # of several frames the first
    return ImageOps.exif_transpose(_plain(kind, image))


def _plain(kind: str, image: Any) -> Any:
    if image.mode.startswith("I"):  # sixteen bits a pixel: the upper eight
        image = image.convert("I").point([value >> 8 for value in range(65536)], "L")
    if image.mode in _PLAIN[kind]:
        return image
    # exif_transpose reads the orientation from what the conversion carries on.
    has_alpha = "A" in image.mode or "transparency" in image.info
    return image.convert("RGBA" if has_alpha and kind != "JPEG" else "RGB")


def _encoded(kind: str, image: Any, bytes_most: int) -> tuple[str, bytes]:
    image.info = {}
    options: dict[str, Any] = {"quality": _JPEG_QUALITY} if kind != "PNG" else {"compress_level": 6}
    shown = _saved(kind, image, options | ({"method": 2} if kind == "WEBP" else {}))
    if len(shown) > bytes_most and kind != "JPEG":
        kind, shown = "JPEG", _saved("JPEG", image.convert("RGB"), {"quality": _JPEG_QUALITY})
    if len(shown) > bytes_most:
        raise ValueError("too large when encoded again")
    return kind, shown


def _saved(kind: str, image: Any, options: dict[str, Any]) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main(*(int(word) for word in sys.argv[1:])))
