"""Idempotency keys: the caller's name for a request, so that a repeat is answered and not carried out again."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from psycopg.types.json import Json

from activkode.core import sql
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


def once(
    customer_id: int, named: Key | None, carry_out: Callable[[], dict[str, Any]]
) -> tuple[dict[str, Any], bool]:
    """What `carry_out` gives, in JSON's own types, and whether it is the kept first outcome of this key; a refusal is kept
    too. It is carried out in the transaction that keeps its outcome. Raises what it raises, and
    Refusal(idempotency_key_reused, request_in_progress), TryLater."""
    if named is None:
        with sql.transaction():
            return carry_out(), False
    with sql.transaction():
        known = sql.value("select fn.key_begin(%s, %s, %s)", (customer_id, named.text, named.hash))
        if known is None:
            outcome = _outcome(carry_out)
            sql.execute(
                "select fn.key_end(%s, %s, %s, %s)", (customer_id, named.text, named.hash, Json(outcome))
            )
    if known is None:
        return _given(outcome, replayed=False), False
    if "refused" in known:
        raise Refusal(Code(known["refused"]))
    return _given(known["replayed"], replayed=True), True


def _outcome(carry_out: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        with sql.transaction():
            return carry_out()
    except Refusal as refusal:
        return {"refused": refusal.code, "detail": refusal.detail, "extra": refusal.extra}


def _given(outcome: dict[str, Any], *, replayed: bool) -> dict[str, Any]:
    if "refused" in outcome:
        raise Refusal(Code(outcome["refused"]), outcome["detail"], outcome["extra"], replayed)
    return outcome
