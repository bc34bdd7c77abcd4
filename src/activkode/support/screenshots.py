"""Files of cases (POLICY 2.4.8): PNG, JPEG and WebP are decoded and encoded again without anything but their pixels, in a
process of its own with limited memory and time; anything else is kept as a download that nobody here opens.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from activkode.core import sql
from activkode.core.errors import Code, Refusal
from activkode.support.operations import Staff
from activkode.support.policy import FIGURES, Author, Figure
from activkode.support.texts import line

OPAQUE = "application/octet-stream"
_CHILD = Path(__file__).with_name("screenshot_child.py")
_WALL_SECONDS = 30
_HEAD_BYTES = 200
_LONGEST_NAME = 100
_TOKEN_BYTES = 24
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|%;\x00-\x1f\x7f]')
# Each may take what its limit allows: no more of them at once than a small machine has room for.
_ROOM = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class File:
    """A file as it is kept. Not an image: width and height are None, and it is only ever downloaded."""

    name: str
    image: bool
    media_type: str
    width: int | None
    height: int | None
    content: bytes


def read(name: str, content: bytes) -> File:
    """What is kept of an uploaded file; takes up to half a minute for the worst. Raises Refusal(body_too_large,
    invalid_request)."""
    if not content:
        raise Refusal(Code.INVALID_REQUEST, "The file is empty.")
    if len(content) > FIGURES[Figure.SCREENSHOT_BYTES_MOST]:
        raise Refusal(Code.BODY_TOO_LARGE, "A file has at most 10 MB.")
    shown = _decoded(content)
    if shown is None:
        return File(_name(name, ""), False, OPAQUE, None, None, content)
    media_type, width, height, pixels = shown
    return File(_name(name, media_type.partition("/")[2]), True, media_type, width, height, pixels)


def attach(
    case_id: int,
    file: File,
    *,
    customer_id: int | None = None,
    staff: Staff | None = None,
    message_id: int | None = None,
    internal: bool = False,
) -> int:
    """Keeps a file with a case, of its customer or of staff; the attachment's number. Raises Refusal(not_found, forbidden,
    limit_reached), TryLater."""
    author, actor_id = (Author.STAFF, staff.id) if staff else (Author.CUSTOMER, customer_id)
    outcome = sql.value(
        "select fn.case_attach(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (
            case_id,
            author,
            actor_id,
            message_id,
            internal,
            secrets.token_urlsafe(_TOKEN_BYTES),
            file.name,
            file.image,
            file.media_type,
            file.width,
            file.height,
            file.content,
        ),
    )
    if "refused" in outcome:
        raise Refusal(Code(outcome["refused"]), outcome.get("why") or "")
    number: int = outcome["attachment"]
    return number


def _decoded(content: bytes) -> tuple[str, int, int, bytes] | None:
    most = FIGURES[Figure.SCREENSHOT_BYTES_MOST]
    limits = (FIGURES[Figure.SCREENSHOT_PIXELS_MOST], FIGURES[Figure.SCREENSHOT_SIDE_MOST], most)
    command = [sys.executable, "-I", str(_CHILD), *(str(limit) for limit in limits)]
    with _ROOM, tempfile.TemporaryFile() as given:
        given.write(content)
        given.seek(0)
        child = subprocess.Popen(  # noqa: S603 - our own interpreter and program
            command, stdin=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_ENVIRONMENT, cwd="/"
        )
        timer = threading.Timer(_WALL_SECONDS, child.kill)
        timer.start()
        try:
            assert child.stdout is not None
            out = child.stdout.read(most + _HEAD_BYTES)  # never more, whatever the child has become
            child.stdout.close()
            code = child.wait()
        finally:
            timer.cancel()
            child.kill()
            child.wait()
    if code != 0:
        return None
    head, _, pixels = out.partition(b"\n")
    told = json.loads(head)
    return told["media_type"], told["width"], told["height"], pixels


# Nothing of ours goes along: settings hold what signs sessions.
_ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "LANG") if name in os.environ}


def _name(text: str, ending: str) -> str:
    last = PurePosixPath(text.replace("\\", "/")).name
    plain = _NOT_IN_NAMES.sub("_", line(last)).strip(". ") or "file"
    if ending:
        return f"{plain.rpartition('.')[0][:_LONGEST_NAME] or plain[:_LONGEST_NAME]}.{ending}"
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{suffix[:16]}" if dot else plain[:_LONGEST_NAME]
