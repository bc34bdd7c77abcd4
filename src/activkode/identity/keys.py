"""API keys: shown once, kept as a SHA-256 only (they are random, so a slow hash would guard nothing)."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from activkode.core import sql
from activkode.core.errors import Code, Refusal

PREFIX = "ak_"
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key as its owner sees it later: never the key itself."""

    id: int
    name: str
    prefix: str
    created_at: datetime
    revoked_at: datetime | None


def create(customer_id: int, name: str) -> str:
    """A new key, returned this once. Raises TryLater."""
    key = PREFIX + secrets.token_urlsafe(32)
    sql.execute(
        "insert into identity_apikey (customer_id, name, prefix, digest, created_at) values (%s, %s, %s, %s, fn.now())",
        (customer_id, name, key[:_SHOWN], digest(key)),
    )
    return key


def digest(key: str) -> bytes:
    """What is kept of a key."""
    return hashlib.sha256(key.encode()).digest()


def owner(key: str) -> int:
    """The customer of a key that is in force. Raises Refusal(invalid_key), TryLater."""
    row = sql.one(
        "select k.customer_id from identity_apikey k join identity_user u on u.id = k.customer_id"
        " where k.digest = %s and k.revoked_at is null and u.is_active",
        (digest(key),),
    )
    if row is None:
        raise Refusal(Code.INVALID_KEY)
    return int(row[0])


def revoke(customer_id: int, key_id: int) -> None:
    """Ends a key at once. Raises Refusal(not_found), TryLater."""
    done = sql.execute(
        "update identity_apikey set revoked_at = fn.now() where id = %s and customer_id = %s and revoked_at is null",
        (key_id, customer_id),
    )
    if not done:
        raise Refusal(Code.NOT_FOUND)


def of(customer_id: int) -> list[KeyLine]:
    """The customer's keys, newest first. Raises TryLater."""
    found = sql.rows(
        "select id, name, prefix, created_at, revoked_at from identity_apikey where customer_id = %s order by id desc",
        (customer_id,),
    )
    return [KeyLine(*row) for row in found]
