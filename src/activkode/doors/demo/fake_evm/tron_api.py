"""The fake TRON node's HTTP API (/wallet and /walletsolidity), called fake: it acts on the same chain as the JSON-RPC that
the watcher reads. It reads signed transfers, checks who signed, the block that they stand on and their expiry, as java-tron
does; no machine runs the token's contract.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from activkode.doors.demo.fake_evm.chain import NATIVE, FakeBlock, FakeLedger, FakeTx, Move, transfer_log
from activkode.withdrawals.chains.curve import BadSignature
from activkode.withdrawals.chains.tron_forms import SignedTransfer, Transfer, read_signed

Json = dict[str, Any]
ENERGY, ENERGY_FRESH = 64_285, 130_285
ENERGY_PRICE, BYTE_PRICE = 100, 1_000
_FREE_BYTES = 600
_LONGEST_MILLISECONDS = 24 * 60 * 60 * 1000
_REF_BLOCKS = 1 << 16


class TronApi:
    """Answers from a ledger. `solid_height` gives the newest solid block's; `staked` is energy by address; with
    `never_mines` it says success and forgets; `fails_with` is the result of the next ones, such as OUT_OF_ENERGY."""

    def __init__(self, ledger: FakeLedger, solid_height: Callable[[], int]) -> None:
        self._ledger, self._solid_height = ledger, solid_height
        self.staked: dict[str, int] = {}
        self.never_mines = False
        self.fails_with = ""
        self._calls: dict[str, Callable[[Json, int], Json]] = {
            "getnowblock": lambda _, top: self._block(top),
            "getblockbynum": lambda asked, top: self._block(asked["num"]) if asked["num"] <= top else {},
            "gettransactioninfobyid": lambda asked, top: self._info(asked["value"], top),
            "gettransactionbyid": lambda asked, top: self._plain(asked["value"], top),
            "gettransactionfrompending": lambda asked, _: self._pending(asked["value"]),
            "getchainparameters": lambda *_: _parameters(),
            "getaccount": lambda asked, _: self._account(asked["address"]),
            "getaccountresource": lambda asked, _: self._resource(asked["address"]),
            "triggerconstantcontract": lambda asked, _: self._call(asked),
            "broadcasthex": lambda asked, _: self._broadcast(asked["transaction"]),
        }

    def answer(self, path: str, asked: Mapping[str, Any]) -> Json:
        """The answer to /wallet/<call> or /walletsolidity/<call>, in java-tron's form."""
        _, kind, name = path.split("/")
        top = self._solid_height() if kind == "walletsolidity" else self._ledger.head.height
        try:
            return self._calls[name](dict(asked), top)
        except (KeyError, ValueError, TypeError) as error:
            return {"Error": f"class java.lang.{type(error).__name__} : {error}"}

    # --- blocks and what stands in them ---

    def _block(self, height: int) -> Json:
        block = self._ledger.blocks[height]
        raw = {
            "number": height,
            "timestamp": block.at * 1000,
            "parentHash": id_of(block)[:16] + block.parent[18:],
        }
        return {"blockID": id_of(block), "block_header": {"raw_data": raw}}

    def _found(self, txid: str, top: int) -> tuple[FakeBlock, FakeTx] | None:
        for block in self._blocks(top):
            for tx in block.transactions:
                if tx.hash == "0x" + txid:
                    return block, tx
        return None

    def _blocks(self, top: int) -> Iterator[FakeBlock]:
        for height in range(top, -1, -1):
            yield self._ledger.blocks[height]

    def _plain(self, txid: str, top: int) -> Json:
        found = self._found(txid, top)
        return {"txID": txid, "ret": [{"contractRet": found[1].result}]} if found else {}

    def _pending(self, txid: str) -> Json:
        return {"txID": txid} if any(tx.hash == "0x" + txid for tx in self._ledger.mempool) else {}

    def _info(self, txid: str, top: int) -> Json:
        found = self._found(txid, top)
        if found is None:
            return {}
        block, tx = found
        told = {
            "id": txid,
            "blockNumber": block.height,
            "blockTimeStamp": block.at * 1000,
            "contractResult": [""],
        }
        told |= {"fee": tx.fee} if tx.fee else {}
        told |= {"receipt": {"energy_usage_total": ENERGY, "net_usage": 345, "result": tx.result}}
        if tx.fails:
            return told | {"result": "FAILED", "resMessage": tx.result.encode().hex()}
        logs = [
            {"address": log.contract[2:], "topics": [topic[2:] for topic in log.topics], "data": log.data[2:]}
            for log in tx.logs
        ]
        return told | {"log": logs}

    # --- accounts and costs ---

    def _held(self, token: str, address: str) -> int:
        return self._ledger.head.balances.get((token, "0x" + address[-40:].lower()), 0)

    def _account(self, address: str) -> Json:
        held = self._held(NATIVE, address)
        return {"address": address, "balance": held} if held > 0 else {}

    def _resource(self, address: str) -> Json:
        energy = self.staked.get("0x" + address[-40:], 0)
        return {"freeNetLimit": _FREE_BYTES} | ({"EnergyLimit": energy} if energy else {})

    def _call(self, asked: Json) -> Json:
        token, words = "0x" + asked["contract_address"][-40:], asked["parameter"]
        done: Json = {"result": {"result": True}, "energy_used": 935, "transaction": {"ret": [{}]}}
        if asked["function_selector"] == "balanceOf(address)":
            return done | {"constant_result": [f"{max(0, self._held(token, words[:64])):064x}"]}
        if self._held(token, asked["owner_address"]) < int(words[64:], 16):
            message = b"REVERT opcode executed".hex()
            failed = {
                "result": {"result": True, "message": message},
                "transaction": {"ret": [{"ret": "FAILED"}]},
            }
            return done | failed
        return done | {"constant_result": [f"{1:064x}"], "energy_used": self._energy(token, words[:64])}

    def _energy(self, token: str, to: str) -> int:
        return ENERGY if self._held(token, to) else ENERGY_FRESH

    # --- transfers ---

    def _broadcast(self, transaction: str) -> Json:
        signed = read_signed(bytes.fromhex(transaction))
        txid = signed.transfer.txid()
        if refusal := self._refusal(signed):
            return {"code": refusal[0], "txid": txid, "message": refusal[1]}
        if not self.never_mines:
            self._ledger.put(self._carried_out(signed.transfer))
        return {"result": True, "code": "SUCCESS", "txid": txid, "message": ""}

    def _refusal(self, signed: SignedTransfer) -> tuple[str, str] | None:
        transfer, txid = signed.transfer, signed.transfer.txid()
        try:
            is_owners = signed.signer() == transfer.owner
        except BadSignature:
            is_owners = False
        if not is_owners:
            return "SIGERROR", "Validate signature error: the permission does not contain it"
        if self._pending(txid) or self._plain(txid, self._ledger.head.height):
            return "DUP_TRANSACTION_ERROR", "Dup transaction."
        if not self._stands_on_a_block(transfer):
            return "TAPOS_ERROR", "Tapos check error."
        now = self._ledger.head.at * 1000
        if not now < transfer.expiration <= now + _LONGEST_MILLISECONDS:
            return "TRANSACTION_EXPIRATION_ERROR", "Transaction expired"
        if not self._account(transfer.owner):
            return "CONTRACT_VALIDATE_ERROR", "Contract validate error : account not found"
        return None

    def _stands_on_a_block(self, transfer: Transfer) -> bool:
        low, head = int.from_bytes(transfer.ref_bytes), self._ledger.head.height
        height = head - (head - low) % _REF_BLOCKS
        return height >= 0 and id_of(self._ledger.blocks[height])[16:32] == transfer.ref_hash.hex()

    def _carried_out(self, transfer: Transfer) -> FakeTx:
        energy = self._energy(transfer.contract, transfer.to)
        result = self.fails_with
        if not result and transfer.fee_limit < energy * ENERGY_PRICE:
            result = "OUT_OF_ENERGY"
        if not result and self._held(transfer.contract, transfer.owner) < transfer.amount:
            result = "REVERT"
        data = "0xa9059cbb" + transfer.to[2:].rjust(64, "0") + f"{transfer.amount:064x}"
        return FakeTx(
            "0x" + transfer.txid(),
            transfer.owner,
            self._ledger.next_nonce(transfer.owner),
            transfer.contract,
            0,
            data,
            fails=bool(result),
            logs=(transfer_log(transfer.contract, transfer.owner, transfer.to, transfer.amount),),
            moves=(Move(transfer.contract, transfer.owner, transfer.to, transfer.amount),),
            result=result or "SUCCESS",
            burnt=max(0, energy - self.staked.get(transfer.owner, 0)) * ENERGY_PRICE,
            until=transfer.expiration // 1000,
        )


def id_of(block: FakeBlock) -> str:
    """A block's id as TRON writes it: its height, and the rest of its hash."""
    return f"{block.height:016x}{block.hash[18:]}"


def _parameters() -> Json:
    figures = {
        "getTransactionFee": BYTE_PRICE,
        "getEnergyFee": ENERGY_PRICE,
        "getMaxFeeLimit": 15_000_000_000,
    }
    return {"chainParameter": [{"key": name, "value": value} for name, value in figures.items()]}
