"""The fake node as a test or the demo holds it: pay, mine, fork, and go wrong on demand, over HTTP on loopback."""

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, Self

from activkode.doors.demo.fake_evm.answers import Answers, Refused, is_transfer
from activkode.doors.demo.fake_evm.chain import (
    NATIVE,
    FakeBlock,
    FakeLedger,
    FakeLog,
    FakeTx,
    Move,
    hash_of,
    transfer_log,
)
from activkode.doors.demo.fake_evm.listener import Listener
from activkode.doors.demo.fake_evm.paying import Paying
from activkode.doors.demo.fake_evm.tron_api import TronApi

PAYER = "0x" + hash_of("the fake payer")[-40:]
_TRANSFER_CALL = "0xa9059cbb"


class Fault(StrEnum):
    """What the fake node does wrong while it is told to."""

    AWAY = "away"
    HALF = "half"
    WRONG_NETWORK = "wrong_network"
    REMOVED_LOGS = "removed_logs"
    MISSING_LOGS = "missing_logs"
    NO_TRANSACTIONS = "no_transactions"
    NO_FINALITY = "no_finality"
    NO_RECEIPTS = "no_receipts"
    NO_HISTORY = "no_history"
    TAKES_AND_HANGS = "takes_and_hangs"


class FakeEvm:
    """A fake node. Amounts are in the smallest unit, addresses "0x" with 40 digits. Everything that is paid waits in the
    mempool until `mine`."""

    def __init__(self, chain_id: int, is_tron: bool = False, port: int = 0) -> None:
        self._lock = threading.RLock()
        self.ledger = FakeLedger(("fake", chain_id, is_tron))
        self.answers = Answers(self.ledger, chain_id, is_tron=is_tron)
        self.answers.final_lag = 19 if is_tron else 64
        self.tron = TronApi(self.ledger, lambda: max(0, self.ledger.head.height - self.answers.final_lag))
        if not is_tron:
            self.answers.learn(Paying(self.ledger, chain_id, self.answers.at).methods)
        self.is_tron = is_tron
        self.faults: set[Fault] = set()
        self._stopped = threading.Event()
        self._server = Listener(port, self._serve)
        self.url = self._server.url
        self._control: dict[str, Callable[..., Any]] = {
            "fake_pay": self.pay,
            "fake_payToken": self.pay_token,
            "fake_mine": self.mine,
            "fake_reorg": self.reorg,
        }

    # --- life ---

    def start(self) -> Self:
        """Answers from now on."""
        threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="fake node", daemon=True
        ).start()
        return self

    def resume(
        self, known: Sequence[tuple[int, str, str, int]], balances: dict[tuple[str, str], int]
    ) -> None:
        """Goes on from blocks (height, hash, parent, time; the oldest first) that an earlier life of this fake had mined,
        with what lay where after them."""
        with self._lock:
            self.ledger.resume(known, balances, PAYER)

    def keep_mining(self, every_seconds: float) -> None:
        """A block every so many seconds, until it is stopped."""
        threading.Thread(
            target=self._keep_mining, args=(every_seconds,), name="fake miner", daemon=True
        ).start()

    def stop(self) -> None:
        """Answers no more."""
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _keep_mining(self, every_seconds: float) -> None:
        while not self._stopped.wait(every_seconds):
            self.mine()

    # --- what happens on the chain ---

    @property
    def genesis(self) -> str:
        """The hash of block 0."""
        return self.ledger.blocks[0].hash

    @property
    def head(self) -> FakeBlock:
        """The newest block."""
        return self.ledger.head

    def held(self, address: str, token: str = NATIVE) -> int:
        """What lies on an address after the newest block, in the smallest unit."""
        return self.head.balances.get((token, address.lower()), 0)

    def send(self, tx: FakeTx) -> str:
        """Any transaction, as it stands but for its hash and, where it is negative, its number."""
        with self._lock:
            nonce = self.ledger.next_nonce(tx.sender) if tx.nonce < 0 else tx.nonce
            return self.ledger.put(replace(tx, nonce=nonce))

    def pay(
        self, to: str, amount: int, sender: str = PAYER, nonce: int = -1, fails: bool = False, kind: int = 2
    ) -> str:
        """Plain value; the transaction's hash. With the `nonce` of one that waits it replaces that."""
        return self.send(FakeTx("", sender, nonce, to.lower(), amount, kind=kind, fails=fails))

    def pay_token(
        self, contract: str, to: str, amount: int, sender: str = PAYER, fails: bool = False, fee: int = 0
    ) -> str:
        """A token by its own `transfer`; of it, `fee` arrives nowhere."""
        contract, to = contract.lower(), to.lower()
        data = _TRANSFER_CALL + to[2:].rjust(64, "0") + f"{amount:064x}"
        logs = (transfer_log(contract, sender, to, amount),)
        moves = (Move(contract, sender, to, amount - fee),)
        return self.send(FakeTx("", sender, -1, contract, 0, data, 2, fails, logs, moves))

    def pay_inside(self, to: str, amount: int, through: str = "0x" + "ab" * 20) -> str:
        """Value that a contract sends on: no transaction and no log names the receiver."""
        moves = (Move("native", through, to.lower(), amount),)
        return self.send(FakeTx("", PAYER, -1, through, amount, "0x12345678", moves=moves))

    def log(self, *logs: FakeLog, moves: tuple[Move, ...] = (), to: str = "0x" + "cd" * 20) -> str:
        """A call of a contract that writes these logs."""
        return self.send(FakeTx("", PAYER, -1, to, 0, "0x12345678", logs=logs, moves=moves))

    def wait(self, seconds: int) -> None:
        """Lets so much time pass on the chain; the next block shows it."""
        with self._lock:
            self.ledger.ahead_seconds += seconds

    def mine(self, count: int = 1) -> None:
        """Blocks; the first takes what waits."""
        with self._lock:
            self.ledger.mine(count)

    def reorg(self, depth: int, keep: bool | Iterable[str] = True, length: int | None = None) -> None:
        """Another branch in place of the newest blocks, one longer unless told otherwise. `keep`: whether the
        transactions, or which of them, stand in it again."""
        with self._lock:
            self.ledger.fork(depth, keep, depth + 1 if length is None else length)

    # --- answers ---

    def _serve(self, path: str, body: bytes) -> bytes | None:
        """The answer to a request; None: the line goes dead."""
        if Fault.AWAY in self.faults:
            return None
        asked = json.loads(body)
        with self._lock:
            if self.is_tron and path.startswith("/wallet"):
                answer: Any = self.tron.answer(path, asked)
            elif isinstance(asked, list):
                answer = [self._one(one) for one in asked] if not self.is_tron else _error(None, "no batches")
            else:
                answer = self._one(asked)
        if Fault.TAKES_AND_HANGS in self.faults and (
            b"eth_sendRaw" in body or path.endswith("/broadcasthex")
        ):
            return None
        text = json.dumps(answer).encode()
        return text[: len(text) // 2] if Fault.HALF in self.faults else text

    def _one(self, asked: dict[str, Any]) -> dict[str, Any]:
        number, method, params = asked.get("id"), asked["method"], asked.get("params", [])
        if method in self._control:
            said = self._control[method](*map(_number, params))
            return {"jsonrpc": "2.0", "id": number, "result": said}
        try:
            result = self._wrong(method, params, self.answers.answer(method, params))
        except Refused as refused:
            return _error(number, str(refused), refused.code)
        return {"jsonrpc": "2.0", "id": number, "result": result}

    def _wrong(self, method: str, params: list[Any], result: Any) -> Any:
        if method == "eth_chainId" and Fault.WRONG_NETWORK in self.faults:
            return hex(self.answers.chain_id + 1)
        if (
            method == "eth_getTransactionCount"
            and Fault.NO_HISTORY in self.faults
            and self._is_past(params[1])
        ):
            raise Refused(-32000, "missing trie node")
        if method == "eth_getTransactionReceipt" and Fault.NO_RECEIPTS in self.faults:
            return None
        if method == "eth_getLogs" and Fault.MISSING_LOGS in self.faults:
            return [log for log in result if not is_transfer(log)]
        if method == "eth_getLogs" and Fault.REMOVED_LOGS in self.faults:
            return [log | {"removed": True} for log in result]
        if method == "eth_getBlockByNumber" and params[1] and Fault.NO_TRANSACTIONS in self.faults:
            return {name: value for name, value in result.items() if name != "transactions"}
        if method == "eth_getBlockByNumber" and params[0] == "finalized" and Fault.NO_FINALITY in self.faults:
            raise Refused(-39001, "finalized block not found")
        return result

    def _is_past(self, place: str) -> bool:
        """Whether a node that keeps the states since its final block alone has forgotten it."""
        final = self.ledger.head.height - self.answers.final_lag
        return place.startswith("0x") and int(place, 16) < final


def _number(param: Any) -> Any:
    """Amounts come in hex too: JSON's numbers do not hold them in every language. Addresses stay as they are."""
    is_amount = isinstance(param, str) and param.startswith("0x") and len(param) < len(PAYER)
    return int(param, 16) if is_amount else param


def _error(number: Any, text: str, code: int = -32600) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "error": {"code": code, "message": text}}
