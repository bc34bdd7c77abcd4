"""A node that says what cannot be, field by field, and one whose answers are no answers."""

import json
import logging
import threading
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest

from activkode.doors.demo.fake_evm import FakeEvm
from activkode.doors.demo.fake_evm.answers import Refused
from activkode.doors.demo.fake_evm.listener import Listener
from activkode.funding.chains.base import Away, Unusable
from activkode.funding.chains.evm_forms import header_of, logs_of, receipt_of, transactions_of
from activkode.funding.chains.evm_rpc import Rpc
from funding.evm.stage import ALICE, TOKEN, USDT

Json = dict[str, Any]
HASH = "0x" + "9" * 64


@pytest.fixture(scope="module")
def whole() -> tuple[Json, list[Json], Json]:
    """A block with two token transfers, its logs, and the receipt of the first."""
    with FakeEvm(31337) as fake:
        fake.pay_token(TOKEN, ALICE, USDT)
        fake.pay_token(TOKEN, ALICE, USDT)
        fake.mine()
        block = fake.answers.answer("eth_getBlockByNumber", ["0x1", True])
        logs = fake.answers.answer("eth_getLogs", [{"blockHash": block["hash"]}])
        receipt = fake.answers.answer("eth_getTransactionReceipt", [block["transactions"][0]["hash"]])
    return block, logs, receipt


def read(block: Any, logs: Any, receipt: Any) -> None:
    """All of the readings, one after the other."""
    header = header_of(block, 1)
    transactions = transactions_of(block, header)
    logs_of(logs, header, transactions)
    receipt_of(receipt, header, transactions[0])


def test_what_is_whole_is_read(whole: tuple[Json, list[Json], Json]) -> None:
    read(*whole)


NO_NUMBERS = (None, 5, "5", "0x", "0xzz", "-0x1", "0x1.0", "0x" + "f" * 65, "latest", [], {}, True)
NO_HASHES = (None, 5, "0x", HASH[:-1], HASH + "0", "9" * 64, "0x" + "g" * 64, [])
NO_ADDRESSES = (5, "0x", ALICE[:-1], ALICE + "00", "0x41" + ALICE[2:], ALICE[2:], [], "T")
NO_DATA = (5, "0x0", "zz", "0xzz", [])

BLOCK = {
    "number": (*NO_NUMBERS, "0x2"),
    "hash": NO_HASHES,
    "parentHash": NO_HASHES,
    "timestamp": (*NO_NUMBERS, hex(10**12)),
    "transactions": (None, {}, "0x", 5, [None], [HASH], ["0x"]),
}
TRANSACTION = {
    "hash": NO_HASHES,
    "blockHash": (*NO_HASHES, HASH),
    "transactionIndex": (*NO_NUMBERS, "0x1"),
    "from": NO_ADDRESSES,
    "to": NO_ADDRESSES,
    "value": NO_NUMBERS,
    "nonce": NO_NUMBERS[1:],
    "input": NO_DATA,
}
LOG = {
    "removed": (True, "true", 1),
    "blockHash": (*NO_HASHES, HASH),
    "blockNumber": (*NO_NUMBERS, "0x2"),
    "transactionHash": (*NO_HASHES, HASH),
    "transactionIndex": (*NO_NUMBERS, "0x1", "0x7"),
    "logIndex": (*NO_NUMBERS, "0x1", hex(2**40)),
    "address": (None, *NO_ADDRESSES),
    "topics": (None, {}, "0x", [None], [5], ["0x12"]),
    "data": (None, *NO_DATA),
}
RECEIPT = {
    "transactionHash": (*NO_HASHES, HASH),
    "blockHash": (*NO_HASHES, HASH),
    "status": (*NO_NUMBERS, "0x2"),
    "logs": (None, {}, [None], ["0x"]),
    "gasUsed": NO_NUMBERS[1:],
    "effectiveGasPrice": NO_NUMBERS[1:],
}
PLACES: dict[str, tuple[Callable[[Any, Any, Any], Json], dict[str, tuple[Any, ...]]]] = {
    "block": (lambda block, _, __: block, BLOCK),
    "transaction": (lambda block, _, __: block["transactions"][0], TRANSACTION),
    "log": (lambda _, logs, __: logs[0], LOG),
    "receipt": (lambda _, __, receipt: receipt, RECEIPT),
    "receipt's log": (
        lambda _, __, receipt: receipt["logs"][0],
        {k: v for k, v in LOG.items() if k != "logIndex"},
    ),
}


@pytest.mark.parametrize(
    ("place", "field"), [(place, field) for place, (_, fields) in PLACES.items() for field in fields]
)
def test_no_field_may_hold_what_cannot_be(
    whole: tuple[Json, list[Json], Json], place: str, field: str
) -> None:
    at, fields = PLACES[place]
    for wrong in fields[field]:
        changed = deepcopy(whole)
        at(*changed)[field] = wrong
        with pytest.raises(Unusable):
            read(*changed)
            pytest.fail(f"{place}.{field} may be {wrong!r}")


@pytest.mark.parametrize("nothing", [None, [], "0x", 5, True])
def test_nothing_is_no_block_and_no_receipt(whole: tuple[Json, list[Json], Json], nothing: Any) -> None:
    block, logs, receipt = whole
    for changed in ((nothing, logs, receipt), (block, logs, nothing)):
        with pytest.raises(Unusable):
            read(*changed)


def test_a_transaction_or_a_log_that_is_named_twice_is_refused(whole: tuple[Json, list[Json], Json]) -> None:
    block, logs, receipt = whole
    first = block["transactions"][0]
    twice = block | {"transactions": [first, first | {"transactionIndex": "0x1"}]}
    for changed in ((twice, [], receipt), (block, [logs[0], logs[0]], receipt)):
        with pytest.raises(Unusable):
            read(*changed)


# --- answers that are none ---


@pytest.fixture
def says() -> Iterator[Callable[[bytes | None], str]]:
    """A server that says the same to everything; its address."""
    listeners: list[Listener] = []

    def start(answer: bytes | None) -> str:
        listeners.append(Listener(0, lambda *_: answer))
        threading.Thread(target=listeners[-1].serve_forever, args=(0.05,), daemon=True).start()
        return listeners[-1].url

    yield start
    for listener in listeners:
        listener.shutdown()
        listener.server_close()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"null",
        b"[]",
        b"5",
        b'{"jsonrpc"',
        b"<html>",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"id": 1}',
        b'{"id": 2, "result": "0x1"}',
        b'{"id": "1", "result": "0x1"}',
        b'[{"id": 1, "result": "0x1"}]',
    ],
    ids=lambda answer: repr(answer[:20]),
)
@pytest.mark.parametrize("calls", [1, 2])
def test_what_is_no_answer_is_unusable(
    says: Callable[[bytes | None], str], answer: bytes, calls: int
) -> None:
    node = Rpc(says(answer), batches=True)
    with pytest.raises((Unusable, Away)):
        node.ask_all([("eth_chainId", [])] * calls)


def test_a_batch_may_be_answered_in_any_order_but_whole(says: Callable[[bytes | None], str]) -> None:
    answers = [{"id": 2, "result": "b"}, {"id": 1, "result": "a"}]
    assert Rpc(says(json.dumps(answers).encode()), batches=True).ask_all([("x", []), ("y", [])]) == ["a", "b"]
    again = [{"id": 1, "result": "a"}, {"id": 1, "result": "a"}]
    with pytest.raises(Unusable):
        Rpc(says(json.dumps(again).encode()), batches=True).ask_all([("x", []), ("y", [])])


def test_an_error_is_the_nodes_word_and_never_its_address(says: Callable[[bytes | None], str]) -> None:
    with pytest.raises(Away, match="the node says: no"):
        Rpc(says(b'{"id": 1, "error": {"code": -1, "message": "no"}}'), batches=True).ask("eth_chainId")
    with pytest.raises(Away, match="too large"):
        Rpc(says(b'{"id": null, "error": {"message": "too large"}}'), batches=False).ask("eth_chainId")
    url = says(None).replace("http://", "http://user:secret@")
    with pytest.raises(Away) as away:
        Rpc(url, batches=True).ask("eth_chainId")
    assert "secret" not in str(away.value)


def test_the_nodes_address_is_never_logged(
    says: Callable[[bytes | None], str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    Rpc(says(b'{"id": 1, "result": "0x1"}') + "/secret", batches=True).ask("eth_chainId")
    assert "secret" not in caplog.text


def test_an_address_that_is_none_is_a_node_that_is_away() -> None:
    with pytest.raises(Away):
        Rpc("http://127.0.0.1:1", batches=True).ask("eth_chainId")
    with pytest.raises(Away):
        Rpc("no address", batches=True).ask("eth_chainId")


# --- the fake's own limits ---


@pytest.mark.parametrize(
    "call",
    [
        ("eth_getBlockByNumber", ["safe", False]),
        ("eth_getBlockByNumber", ["pending", True]),
        ("eth_getTransactionCount", [ALICE, "latest"]),
        ("eth_sendRawTransaction", ["0x"]),
        ("eth_getBalance", [ALICE, "0x1"]),
        ("eth_call", [{"to": TOKEN, "data": "0x70a08231" + ALICE[2:].rjust(64, "0")}, "0x1"]),
        ("eth_getLogs", [{"fromBlock": "0x0", "toBlock": "0x1389"}]),
    ],
    ids=lambda call: call[0],
)
def test_the_fake_of_tron_refuses_what_java_tron_refuses(tron: FakeEvm, call: tuple[str, list[Any]]) -> None:
    tron.mine(5_001)
    with pytest.raises(Refused):
        tron.answers.answer(*call)
