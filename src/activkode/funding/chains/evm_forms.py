"""Blocks, transactions, logs and receipts as an EVM node sends them, read strictly and checked for fitting together. Pure.

Whatever is missing or contradicts the rest is Unusable. Fields that do not concern us are not looked at, so that new kinds
of transactions are no trouble.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from activkode.funding.chains.base import Unusable
from activkode.funding.chains.evm_rpc import address_of, data_of, fields, hash_of, listed, quantity

# keccak256("Transfer(address,address,uint256)"), and the first four bytes of keccak256("transfer(address,uint256)").
TRANSFER = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef"
TRANSFER_CALL = bytes.fromhex("a9059cbb")
_MOST_HEIGHT = 2**53
_MOST_SECONDS = 253_402_300_799  # the end of the year 9999
_WORD = 32


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction as its block holds it. `to` is None where it makes a contract. `nonce` is None where the chain has
    none."""

    hash: str
    index: int
    sender: str | None
    to: str | None
    value: int
    nonce: int | None
    data: bytes

    @property
    def coin(self) -> str | None:
        """What a replacement of it would spend too: its sender's number."""
        return None if self.sender is None or self.nonce is None else f"{self.sender}:{self.nonce}"

    @property
    def transfers_to(self) -> tuple[str, int] | None:
        """Receiver and amount, where it calls transfer(address, uint256)."""
        if self.data[:4] != TRANSFER_CALL or len(self.data) < 4 + 2 * _WORD:
            return None
        return "0x" + self.data[16:36].hex(), int.from_bytes(self.data[36:68])


@dataclass(frozen=True, slots=True)
class Log:
    """One log. `index` counts within the block."""

    contract: str
    tx: str
    index: int
    topics: tuple[str, ...]
    data: bytes

    @property
    def is_whole_transfer(self) -> bool:
        """Whether it has the form of the standard: two addresses indexed, one amount."""
        return (
            len(self.topics) == 3
            and len(self.data) == _WORD
            and all(_is_padded(one) for one in self.topics[1:])
        )

    @property
    def amount(self) -> int:
        """The amount of a whole transfer."""
        return int.from_bytes(self.data[:_WORD])

    @property
    def sender(self) -> str | None:
        """From whom, as far as the form lets one see."""
        return self._party(1)

    @property
    def receiver(self) -> str | None:
        """To whom, as far as the form lets one see: look-alikes index fewer fields than the standard."""
        return self._party(2)

    def _party(self, number: int) -> str | None:
        if len(self.topics) > number:
            return "0x" + self.topics[number][-40:]
        place = (number - len(self.topics)) * _WORD
        word = self.data[place : place + _WORD]
        return "0x" + word[12:].hex() if len(word) == _WORD else None


def _is_padded(topic: str) -> bool:
    return topic.startswith("0x" + "0" * 24)


@dataclass(frozen=True, slots=True)
class Header:
    """What identifies a block."""

    height: int
    hash: str
    parent: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EvmBlock:
    """A whole block: its transactions and the token transfers that it logged."""

    header: Header
    transactions: tuple[Transaction, ...]
    logs: tuple[Log, ...]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a transaction. `fee` is what its sender paid for being carried out."""

    succeeded: bool
    logs: tuple[Log, ...]
    fee: int


def header_of(value: Any, height: int | None = None) -> Header:
    """A block's head. Raises Unusable, also where it is not the block of that height."""
    block = fields(value, "the block")
    number = quantity(block.get("number"), "the block's number", _MOST_HEIGHT)
    if height is not None and number != height:
        raise Unusable(f"asked for block {height}, got {number}")
    seconds = quantity(block.get("timestamp"), "the block's time", _MOST_SECONDS)
    return Header(
        number,
        hash_of(block.get("hash"), "the block's hash"),
        hash_of(block.get("parentHash"), "the parent's hash"),
        datetime.fromtimestamp(seconds, UTC),
    )


def transactions_of(value: Any, header: Header | None) -> tuple[Transaction, ...]:
    """A block's transactions, all of them, in their order. `header` None: of a block that is still to come, in which
    they stand nowhere yet. Raises Unusable."""
    block = fields(value, "the block")
    found = [
        _transaction(one, place, header)
        for place, one in enumerate(listed(block.get("transactions"), "transactions"))
    ]
    if len({one.hash for one in found}) != len(found):
        raise Unusable("a block names a transaction twice")
    return tuple(found)


def _transaction(value: Any, place: int, header: Header | None) -> Transaction:
    one = fields(value, f"transaction {place}")
    if header is not None:
        if hash_of(one.get("blockHash"), "a transaction's block") != header.hash:
            raise Unusable(f"transaction {place} says that it stands in another block")
        if quantity(one.get("transactionIndex"), "a transaction's place") != place:
            raise Unusable(f"transaction {place} says that it stands elsewhere")
    nonce = one.get("nonce")
    return Transaction(
        hash_of(one.get("hash"), "a transaction's hash"),
        place,
        _maybe_address(one.get("from"), "a sender"),
        _maybe_address(one.get("to"), "a receiver"),
        quantity(one.get("value"), "a transaction's value"),
        None if nonce is None else quantity(nonce, "a transaction's nonce"),
        data_of("0x" if one.get("input") in (None, "") else one["input"], "a transaction's input"),
    )


def _maybe_address(value: Any, what: str) -> str | None:
    return None if value is None else address_of(value, what)


def logs_of(value: Any, header: Header, transactions: tuple[Transaction, ...]) -> tuple[Log, ...]:
    """The block's token transfers in their order, each of one of its transactions. Raises Unusable."""
    by_place = {one.index: one.hash for one in transactions}
    logs = sorted(
        (_log(one, header, by_place) for one in listed(value, "the logs")), key=lambda one: one.index
    )
    if len({one.index for one in logs}) != len(logs):
        raise Unusable("two logs stand in one place")
    return transfers(logs)


def transfers(logs: Iterable[Log]) -> tuple[Log, ...]:
    """Those that say that a token moved."""
    return tuple(one for one in logs if one.topics[:1] == (TRANSFER,))


def _log(value: Any, header: Header, by_place: dict[int, str]) -> Log:
    one = fields(value, "a log")
    if one.get("removed", False) is not False:
        raise Unusable("a log was removed by a fork")
    if hash_of(one.get("blockHash"), "a log's block") != header.hash:
        raise Unusable("a log is of another block")
    if quantity(one.get("blockNumber"), "a log's height") != header.height:
        raise Unusable("a log is of another height")
    tx = hash_of(one.get("transactionHash"), "a log's transaction")
    if by_place.get(quantity(one.get("transactionIndex"), "a log's place")) != tx:
        raise Unusable("a log is of a transaction that its block has not got")
    return Log(
        address_of(one.get("address"), "a log's contract"),
        tx,
        quantity(one.get("logIndex"), "a log's number", 2**31),
        tuple(hash_of(topic, "a topic") for topic in listed(one.get("topics"), "topics")),
        data_of(one.get("data"), "a log's data"),
    )


def receipt_of(value: Any, header: Header, transaction: Transaction) -> Receipt:
    """The receipt of a transaction of the block. Raises Unusable."""
    one = fields(value, f"the receipt of {transaction.hash}")
    if hash_of(one.get("transactionHash"), "a receipt's transaction") != transaction.hash:
        raise Unusable("a receipt is of another transaction")
    if hash_of(one.get("blockHash"), "a receipt's block") != header.hash:
        raise Unusable("a receipt is of another block")
    logs = [
        _log(log, header, {transaction.index: transaction.hash})
        for log in listed(one.get("logs"), "a receipt's logs")
    ]
    if [log.index for log in logs] != sorted({log.index for log in logs}):
        raise Unusable("a receipt's logs are in no order")
    blob = _product(one, "blobGasUsed", "blobGasPrice")
    return Receipt(
        quantity(one.get("status"), "a receipt's status", 1) == 1,
        tuple(logs),
        _product(one, "gasUsed", "effectiveGasPrice") + blob,
    )


def _product(receipt: Any, used: str, price: str) -> int:
    if receipt.get(used) is None or receipt.get(price) is None:
        return 0
    return quantity(receipt[used], used) * quantity(receipt[price], price)
