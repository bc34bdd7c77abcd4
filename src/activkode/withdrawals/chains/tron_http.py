"""A node of TRON, asked over its HTTP API (java-tron: /wallet, and /walletsolidity for what is solid), read strictly. Its
address may hold a key: must never be logged or stand in an error's text.
"""

import logging
import re
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import msgspec

from activkode.funding.chains.base import Away, Unusable, WrongNetwork

logging.getLogger("httpx").setLevel(logging.WARNING)

_TIMEOUT_SECONDS = 20
_MOST = 2**63 - 1
_HASH = re.compile(r"[0-9a-f]{64}")
# A block's id begins with its height.
_HEIGHT_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Block:
    """A block's height, id and time (milliseconds)."""

    height: int
    id: str
    milliseconds: int


class TronHttp:
    """One node. `genesis`: the id of block 0, of which all but the height in it tells one network from others."""

    def __init__(self, url: str, genesis: str) -> None:
        self._url, self._genesis = url.rstrip("/"), genesis.removeprefix("0x").lower()
        self._http = httpx.Client(timeout=_TIMEOUT_SECONDS, trust_env=False)
        self._is_proven = False
        weakref.finalize(self, self._http.close)

    def ask(self, path: str, **fields: Any) -> Mapping[str, Any]:
        """The answer to a call, such as ask("wallet/getnowblock"). Raises Away, Unusable."""
        try:
            answer = self._http.post(f"{self._url}/{path}", json=fields)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Away(type(error).__name__) from None
        if answer.status_code != httpx.codes.OK:
            raise Away(f"the node answered with HTTP status {answer.status_code}")
        try:
            found = msgspec.json.decode(answer.content)
        except (msgspec.DecodeError, RecursionError):
            raise Unusable("the answer is no JSON, or only half of it") from None
        if not isinstance(found, dict):
            raise Unusable("the answer is no object")
        if "Error" in found:
            raise Away(f"the node says: {str(found['Error'])[:200]}")
        return found

    def must_be_on_network(self) -> None:
        """Raises WrongNetwork where its first block is another one, Away, Unusable."""
        if self._is_proven:
            return
        found = hash_of(self.ask("wallet/getblockbynum", num=0).get("blockID"), "the first block's id")
        if found[_HEIGHT_DIGITS:] != self._genesis[_HEIGHT_DIGITS:]:
            raise WrongNetwork("the node's first block is not the configured one")
        self._is_proven = True

    def head(self) -> Block:
        """The newest block. Raises Away, Unusable."""
        return _block(self.ask("wallet/getnowblock"))

    def solid(self) -> Block:
        """The newest block that cannot be taken back. Raises Away, Unusable."""
        return _block(self.ask("walletsolidity/getnowblock"))

    def parameters(self) -> dict[str, int]:
        """The network's own figures, by name. Raises Away, Unusable."""
        rows = self.ask("wallet/getchainparameters").get("chainParameter")
        if not isinstance(rows, list):
            raise Unusable("there are no parameters")
        return {str(row.get("key")): row["value"] for row in rows if isinstance(row, dict) and "value" in row}

    def knows(self, tx: str) -> bool:
        """Whether it has the transaction anywhere in its chain, solid or not, by every way of asking. Raises Away."""
        paths = ("walletsolidity/gettransactioninfobyid", "walletsolidity/gettransactionbyid")
        newest = ("wallet/gettransactioninfobyid", "wallet/gettransactionbyid")
        return any(self.ask(path, value=tx) for path in (*paths, *newest))


def number(value: Any, what: str) -> int:
    """A number, 0 to 2^63-1; nodes leave noughts out. Raises Unusable."""
    if value is None:
        return 0
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST:
        raise Unusable(f"{what} is no number")
    return value


def hash_of(value: Any, what: str) -> str:
    """Thirty-two bytes in hex. Raises Unusable."""
    if not isinstance(value, str) or not _HASH.fullmatch(value.lower()):
        raise Unusable(f"{what} is no hash")
    return value.lower()


def _block(answer: Mapping[str, Any]) -> Block:
    name = hash_of(answer.get("blockID"), "the block's id")
    try:
        header = answer["block_header"]["raw_data"]
        height, at = number(header.get("number"), "a height"), number(header["timestamp"], "a block's time")
    except (KeyError, TypeError, AttributeError):
        raise Unusable("the block has no header") from None
    if int(name[:_HEIGHT_DIGITS], 16) != height:
        raise Unusable("the block's id is that of another height")
    return Block(height, name, at)
