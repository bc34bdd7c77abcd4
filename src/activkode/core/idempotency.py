"""Idempotency keys: the caller's name for a request, so that a repeat is answered and not carried out again."""

import hashlib
import re
from dataclasses import dataclass

from activkode.core.errors import Code, Refusal

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Key:
    """A key and the hash of the request it came with."""

    text: str
    hash: bytes


def key(text: str | None, method_and_path: str, body: bytes) -> Key | None:
    """The key of a request, None where it has none. The hash covers address and body.
    Raises Refusal(invalid_request)."""
    if text is None:
        return None
    if _KEY.fullmatch(text) is None:
        raise Refusal(Code.INVALID_REQUEST, "An Idempotency-Key has 1 to 255 visible ASCII characters.")
    return Key(text, hashlib.sha256(method_and_path.encode() + b"\n" + body).digest())
