"""What the fake node answers: each method of JSON-RPC that a real one has and a watcher needs, in the real one's form. In
TRON's form with java-tron's limits.
"""

from collections.abc import Callable, Iterator
from typing import Any

from activkode.doors.demo.fake_evm.chain import (
    GAS,
    GAS_PRICE,
    NATIVE,
    TRANSFER,
    FakeBlock,
    FakeLedger,
    FakeLog,
    FakeTx,
)

Json = dict[str, Any]
TRON_RANGE_BLOCKS = 5_000
TRON_RESULTS = 10_000
_BALANCE_OF = "0x70a08231"


class Refused(Exception):
    """An error of JSON-RPC: code and text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


class Answers:
    """Answers from a ledger. `lag`: newest blocks that are not told; `final_lag`: those that are not final."""

    def __init__(self, ledger: FakeLedger, chain_id: int, *, is_tron: bool) -> None:
        self._ledger = ledger
        self.chain_id = chain_id
        self._is_tron = is_tron
        self.lag = 0
        self.final_lag = 0
        self.most_results = TRON_RESULTS
        self._methods: dict[str, Callable[..., Any]] = {
            "eth_chainId": lambda: hex(self.chain_id),
            "eth_blockNumber": lambda: hex(self._head.height),
            "eth_getBlockByNumber": self._block_by_number,
            "eth_getLogs": self._logs,
            "eth_getTransactionReceipt": self._receipt,
            "eth_getBalance": lambda address, at: hex(max(0, self._balance(NATIVE, address, at))),
            "eth_call": self._call,
        }

    def learn(self, methods: dict[str, Callable[..., Any]]) -> None:
        """Answers these too."""
        self._methods |= methods

    def answer(self, method: str, params: list[Any]) -> Any:
        """The result of a call. Raises Refused."""
        if method not in self._methods:
            raise Refused(-32601, f"the method {method} does not exist/is not available")
        return self._methods[method](*params)

    @property
    def _head(self) -> FakeBlock:
        return self._ledger.blocks[max(0, len(self._ledger.blocks) - 1 - self.lag)]

    # --- blocks ---

    def _block_by_number(self, place: str, full: bool) -> Json | None:
        if place == "pending" and not self._is_tron:
            return self._pending(full)
        block = self.at(place)
        return None if block is None else self._block(block, full)

    def at(self, place: str) -> FakeBlock | None:
        """The block of a height in hex, or of a word such as "latest"; None where there is none yet. Raises Refused."""
        blocks, head = self._ledger.blocks, self._head
        if place == "latest":
            return head
        if place == "earliest":
            return blocks[0]
        if place == "finalized":
            return blocks[max(0, head.height - self.final_lag)]
        if place == "safe" and not self._is_tron:
            return blocks[max(0, head.height - self.final_lag)]
        if not place.startswith("0x"):
            raise Refused(-32602, f"TAG {place} not supported")
        height = int(place, 16)
        return blocks[height] if height <= head.height else None

    def _block(self, block: FakeBlock, full: bool) -> Json:
        return {
            "number": hex(block.height),
            "hash": block.hash,
            "parentHash": block.parent,
            "timestamp": hex(block.at),
            "logsBloom": "0x" + "00" * 256,
            "baseFeePerGas": hex(self._ledger.base_fee),
            "transactions": [
                self._transaction(tx, place, block) if full else tx.hash
                for place, tx in enumerate(block.transactions)
            ],
        }

    def _pending(self, full: bool) -> Json:
        waiting = [
            self._transaction(tx, place, None) if full else tx.hash
            for place, tx in enumerate(self._ledger.mempool)
        ]
        return self._block(self._head, False) | {"hash": None, "number": None, "transactions": waiting}

    def _transaction(self, tx: FakeTx, place: int, block: FakeBlock | None) -> Json:
        price = (
            {"maxFeePerGas": hex(tx.most or 2 * GAS_PRICE), "maxPriorityFeePerGas": hex(tx.tip or 1)}
            if tx.kind == 2
            else {}
        )
        return {
            "hash": tx.hash,
            "type": hex(tx.kind),
            "from": tx.sender,
            "to": tx.to,
            "value": hex(tx.value),
            # java-tron fills this field with noughts
            "nonce": "0x0000000000000000" if self._is_tron else hex(tx.nonce),
            "input": tx.data,
            "gas": hex(GAS),
            "gasPrice": hex(tx.price),
            "blockHash": block.hash if block else None,
            "blockNumber": hex(block.height) if block else None,
            "transactionIndex": hex(place) if block else None,
            **price,
        }

    # --- logs and receipts ---

    def _logs(self, wanted: Json) -> list[Json]:
        topics = wanted.get("topics") or []
        found = [
            log
            for block in self._range(wanted)
            for log in self._logs_of(block)
            if all(want is None or log["topics"][n : n + 1] == [want] for n, want in enumerate(topics))
        ]
        if self._is_tron and len(found) > self.most_results:
            raise Refused(-32005, f"query returned more than {self.most_results} results")
        return found

    def _range(self, wanted: Json) -> list[FakeBlock]:
        if "blockHash" in wanted:
            for block in self._told():
                if block.hash == wanted["blockHash"]:
                    return [block]
            raise Refused(-32000, "unknown block")
        first, last = self.at(wanted["fromBlock"]), self.at(wanted["toBlock"])
        if first is None or last is None:
            return []
        if self._is_tron and last.height - first.height > TRON_RANGE_BLOCKS:
            raise Refused(-32602, f"exceed max block range: {TRON_RANGE_BLOCKS}")
        return self._ledger.blocks[first.height : last.height + 1]

    def _told(self) -> Iterator[FakeBlock]:
        """What the node has got, the newest first: that is mostly what is asked about."""
        for height in range(self._head.height, -1, -1):
            yield self._ledger.blocks[height]

    def _logs_of(self, block: FakeBlock) -> list[Json]:
        number, found = 0, []
        for place, tx in enumerate(block.transactions):
            for log in () if tx.fails else tx.logs:
                found.append(self._log(log, number, tx, place, block))
                number += 1
        return found

    def _log(self, log: FakeLog, number: int, tx: FakeTx, place: int, block: FakeBlock) -> Json:
        return {
            "address": log.contract,
            "topics": list(log.topics),
            "data": log.data,
            "blockHash": block.hash,
            "blockNumber": hex(block.height),
            "transactionHash": tx.hash,
            "transactionIndex": hex(place),
            "logIndex": hex(number),
            "removed": False,
        }

    def _receipt(self, tx_hash: str) -> Json | None:
        for block in self._told():
            for place, tx in enumerate(block.transactions):
                if tx.hash == tx_hash:
                    return self._receipt_of(tx, place, block)
        return None

    def _receipt_of(self, tx: FakeTx, place: int, block: FakeBlock) -> Json:
        return {
            "transactionHash": tx.hash,
            "blockHash": block.hash,
            "blockNumber": hex(block.height),
            "transactionIndex": hex(place),
            "status": hex(not tx.fails),
            "gasUsed": hex(GAS),
            "effectiveGasPrice": hex(tx.price),
            "from": tx.sender,
            "to": tx.to,
            "logs": [log for log in self._logs_of(block) if log["transactionHash"] == tx.hash],
        }

    # --- balances ---

    def _call(self, call: Json, at: Any) -> str:
        if not call["data"].startswith(_BALANCE_OF):
            raise Refused(3, "execution reverted")
        held = self._balance(call["to"].lower(), "0x" + call["data"][-40:], at)
        return "0x" + f"{max(0, held):064x}"

    def _balance(self, token: str, address: str, at: Any) -> int:
        if self._is_tron and at != "latest":
            raise Refused(-32602, "QUANTITY not supported, just support TAG as latest")
        block = self.at(at) if isinstance(at, str) else self._range(at)[0]
        if block is None:
            raise Refused(-32000, "header not found")
        return block.balances.get((token, address.lower()), 0)


def is_transfer(log: Json) -> bool:
    """Whether a log in the answer's form says that a token moved."""
    return bool(log["topics"][:1] == [TRANSFER])
