"""Asks the signer, which runs elsewhere with limits of its own. Must never log the secret, nor take silence for an answer:
what was not answered may have been signed, and is asked again with the same body.
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from activkode.funding.policy import Asset

_MOST_OCTETS = 4_000_000
_TIMEOUT_SECONDS = 20


class NotSigned(Exception):
    """The signer refuses: nothing was signed on this question. Its reason is for the operator."""


class Unanswered(Exception):
    """Whether it was signed is unknown: the same question again gives the same bytes."""


@dataclass(frozen=True, slots=True)
class SignerAt:
    """Where the signer listens, http://10.0.0.2:8790 or unix:/run/signer.sock, and the secret that it knows us by."""

    url: str
    secret: str = field(repr=False)


def signer_at(url: str, secret_file: str) -> SignerAt | None:
    """The signer of ACTIVKODE_SIGNER_URL and ACTIVKODE_SIGNER_SECRET_FILE; None where there is none: payouts are exported
    and signed elsewhere. Raises OSError where the secret cannot be read."""
    return SignerAt(url, Path(secret_file).read_text().strip()) if url else None


def ask_limits(at: SignerAt, asset: Asset, amount: int, fee: int = 0, destination: str | None = None) -> None:
    """Whether so much would be signed now, in smallest units. Raises NotSigned with the reason, Unanswered."""
    asked = {"asset": asset, "amount": str(amount), "fee": str(fee), "destination": destination}
    if _ask(at, "/limits", asked).get("would") is not True:
        raise Unanswered("the signer's answer is none")


def ask_to_sign(at: SignerAt, payout: str, asset: Asset, body: Mapping[str, Any]) -> bytes:
    """The signed bytes, still to be checked against what was asked for. Raises NotSigned, Unanswered."""
    answer = _ask(at, "/sign", {"payout": payout, "asset": asset, "body": body})
    try:
        return bytes.fromhex(answer["raw"])
    except (KeyError, TypeError, ValueError):
        raise Unanswered("the signer's answer is none") from None


class _UnixConnection(HTTPConnection):
    """HTTP over a socket in the file system."""

    def __init__(self, path: str) -> None:
        super().__init__("signer", timeout=_TIMEOUT_SECONDS)
        self._path = path

    def connect(self) -> None:
        """Raises OSError where nobody listens."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_TIMEOUT_SECONDS)
        self.sock.connect(self._path)


def _ask(at: SignerAt, question: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    connection = _connection(at.url)
    try:
        headers = {"Authorization": f"Bearer {at.secret}", "Content-Type": "application/json"}
        connection.request("POST", question, msgspec.json.encode(asked), headers)
        answer = connection.getresponse()
        return _read(answer.status, answer.read(_MOST_OCTETS))
    except (OSError, HTTPException) as error:
        raise Unanswered(f"the signer does not answer ({type(error).__name__})") from None
    finally:
        connection.close()


def _connection(url: str) -> HTTPConnection:
    found = urlsplit(url)
    if found.scheme == "unix":
        return _UnixConnection(found.path)
    return HTTPConnection(found.hostname or "", found.port, timeout=_TIMEOUT_SECONDS)


def _read(status: int, content: bytes) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(content, type=dict[str, Any])
    except msgspec.DecodeError:
        raise Unanswered("the signer's answer is none") from None
    if status == HTTPStatus.OK:
        return told
    if 400 <= status < 500 and isinstance(told.get("refused"), str):
        raise NotSigned(told["refused"][:300])
    raise Unanswered(f"the signer answered with HTTP status {status}")
