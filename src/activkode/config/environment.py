"""Reads settings from the environment; a value that cannot be used is refused with its name, never with its content."""

import json as jsonlib
import os
import re
import secrets
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

# xprv, zprv, tprv, ...: also where it is cut short or mistyped.
_PRIVATE = re.compile(r"\s*.prv", re.IGNORECASE)


class SettingError(ValueError):
    """A setting that cannot be used; says which one and what is wanted."""


def text(name: str, default: str = "") -> str:
    """The value as it stands, or the default."""
    return os.environ.get(name, default)


def words(name: str, default: str) -> list[str]:
    """A comma-separated list without empty items."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def networks(name: str, default: str) -> list[str]:
    """A comma-separated list of networks such as 127.0.0.0/8. Raises SettingError."""
    found = words(name, default)
    try:
        return [str(ip_network(each)) for each in found]
    except ValueError:
        raise SettingError(f"{name} must be networks such as 127.0.0.0/8") from None


def contact_email() -> str:
    """Where people write to, which the mail door has to know before anything else is loaded."""
    return text("ACTIVKODE_CONTACT_EMAIL", "contact@activkode.example")


def number(name: str, default: int) -> int:
    """An integer. Raises SettingError."""
    try:
        return int(os.environ.get(name, default))
    except ValueError:
        raise SettingError(f"{name} must be a whole number") from None


def flag(name: str, default: bool) -> bool:
    """1/true/yes or 0/false/no. Raises SettingError."""
    value = os.environ.get(name, str(default)).lower()
    if value in {"1", "true", "yes"}:
        return True
    if value in {"0", "false", "no", ""}:
        return False
    raise SettingError(f"{name} must be 1 or 0")


def json(name: str, default: str) -> Any:
    """A JSON value. Raises SettingError."""
    try:
        return jsonlib.loads(text(name, default))
    except ValueError:
        raise SettingError(f"{name} must be JSON") from None


def public_keys(name: str, default: str) -> Any:
    """A JSON object in which no text is an extended private key. Raises SettingError."""
    value = json(name, default)
    if not isinstance(value, dict):
        raise SettingError(f"{name} must be a JSON object")
    if any(_PRIVATE.match(found) for found in _texts(value)):
        raise SettingError(f"{name} holds a private key: a key that can spend must never be on this machine")
    return value


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def secret(name: str, file: Path) -> str:
    """A secret from the environment, else from a file that is made on first use (mode 0600)."""
    if value := os.environ.get(name):
        return value
    try:
        return file.read_text().strip()
    except FileNotFoundError:
        return _new_secret(file)


def _new_secret(file: Path) -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    value = secrets.token_urlsafe(48)
    try:
        handle = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:  # another process was first
        return file.read_text().strip()
    with os.fdopen(handle, "w") as stream:
        stream.write(value)
    return value


def database(name: str, *, role: str) -> dict[str, Any]:
    """Django's form of a postgresql:// URL. `role` is taken on by each connection, so that the application never
    holds the rights of the tables' owner. Raises SettingError."""
    return database_of(text(name), name, role=role)


def database_of(value: str, name: str, *, role: str) -> dict[str, Any]:
    """The same for a URL that is at hand; `name` is what a refusal calls it. Raises SettingError."""
    url = urlsplit(value)
    if url.scheme and url.scheme not in {"postgres", "postgresql"}:
        raise SettingError(f"{name} must begin with postgresql://")
    query = dict(parse_qsl(url.query))
    options: dict[str, Any] = {
        "application_name": text("ACTIVKODE_PROCESS", "activkode"),
        # Values travel beside the statement, not in it: PostgreSQL shows statements to whoever watches it, and logs the one
        # that a killed process was running. One of ours may carry a message with its code.
        "server_side_binding": True,
    }
    if role:
        options["options"] = f"-c role={role}"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")) or "activkode",
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": query.pop("host", unquote(url.hostname or "")),
        "PORT": str(url.port or ""),
        # A thread keeps its connection: taking one from a pool for every request costs more than it saves here.
        "CONN_MAX_AGE": None,
        "OPTIONS": options | query,
    }
