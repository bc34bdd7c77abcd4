"""What the fake Ethereum node does with signed transactions: reads them, finds who signed, keeps the rules of their numbers
and prices, and lets them wait until a block takes them. In the words of geth.
"""

from collections.abc import Callable
from typing import Any

from activkode.doors.demo.fake_evm.answers import Refused
from activkode.doors.demo.fake_evm.chain import GAS, NATIVE, FakeBlock, FakeLedger, FakeTx
from activkode.withdrawals.chains.curve import BadSignature, keccak256
from activkode.withdrawals.chains.ethereum_forms import SignedPayment, read_signed

_REFUSED = -32000
_PERCENT_MORE = 110
_TIP = 10**8


class Paying:
    """The methods of JSON-RPC by which one pays."""

    def __init__(self, ledger: FakeLedger, chain_id: int, at: Callable[[str], FakeBlock | None]) -> None:
        self._ledger, self._chain_id, self._at = ledger, chain_id, at
        self.methods: dict[str, Callable[..., Any]] = {
            "eth_sendRawTransaction": self._send,
            "eth_getTransactionCount": self._count,
            "eth_getTransactionByHash": self._by_hash,
            "eth_feeHistory": self._fee_history,
            "eth_maxPriorityFeePerGas": lambda: hex(_TIP),
            "eth_gasPrice": lambda: hex(self._ledger.base_fee + _TIP),
            "eth_getCode": lambda address, at: "0x",
            "eth_estimateGas": lambda call, at="latest": hex(GAS),
        }

    def _send(self, raw: str) -> str:
        try:
            signed = read_signed(bytes.fromhex(raw.removeprefix("0x")))
            sender = signed.sender()
        except (BadSignature, ValueError) as error:
            raise Refused(_REFUSED, f"invalid transaction: {error}") from error
        tx = self._transaction("0x" + keccak256(bytes.fromhex(raw[2:])).hex(), sender, signed)
        self._must_be_good(tx, signed)
        return self._ledger.put(tx)

    def _transaction(self, name: str, sender: str, signed: SignedPayment) -> FakeTx:
        one = signed.payment
        fails = one.to in self._ledger.reverting
        return FakeTx(
            name,
            sender,
            one.nonce,
            one.to,
            one.value,
            fails=fails,
            tip=one.tip,
            most=one.most_price,
            is_signed=True,
        )

    def _must_be_good(self, tx: FakeTx, signed: SignedPayment) -> None:
        ledger = self._ledger
        if signed.payment.chain_id != self._chain_id:
            raise Refused(_REFUSED, f"invalid chain id for signer: have {signed.payment.chain_id}")
        if any(one.hash == tx.hash for one in ledger.mempool):
            raise Refused(_REFUSED, "already known")
        if tx.nonce < ledger.head.nonces.get(tx.sender, 0):
            raise Refused(
                _REFUSED, f"nonce too low: next nonce {ledger.head.nonces[tx.sender]}, tx nonce {tx.nonce}"
            )
        if signed.payment.gas < GAS:
            raise Refused(_REFUSED, "intrinsic gas too low")
        if ledger.head.balances.get((NATIVE, tx.sender), 0) < tx.value + signed.payment.most_fee:
            raise Refused(_REFUSED, "insufficient funds for gas * price + value")
        for old in ledger.mempool:
            if (old.sender, old.nonce) == (tx.sender, tx.nonce) and not _is_dearer(tx, old):
                raise Refused(_REFUSED, "replacement transaction underpriced")

    def _count(self, address: str, place: str) -> str:
        sender = address.lower()
        if place == "pending":
            return hex(self._ledger.next_nonce(sender))
        block = self._at(place)
        if block is None:
            raise Refused(_REFUSED, "header not found")
        return hex(block.nonces.get(sender, 0))

    def _by_hash(self, tx_hash: str) -> dict[str, Any] | None:
        found = [one for one in self._ledger.mempool if one.hash == tx_hash]
        for block in reversed(self._ledger.blocks):
            found += [one for one in block.transactions if one.hash == tx_hash]
        if not found:
            return None
        one = found[0]
        plain = {"hash": one.hash, "from": one.sender, "to": one.to, "nonce": hex(one.nonce)}
        return plain | {"value": hex(one.value), "input": one.data}

    def _fee_history(self, count: str, newest: str, percentiles: list[int]) -> dict[str, Any]:
        blocks = int(count, 16)
        return {
            "oldestBlock": hex(max(0, self._ledger.head.height - blocks + 1)),
            "baseFeePerGas": [hex(self._ledger.base_fee)] * (blocks + 1),
            "gasUsedRatio": [0] * blocks,
            "reward": [[hex(_TIP)] * len(percentiles)] * blocks,
        }


def _is_dearer(tx: FakeTx, old: FakeTx) -> bool:
    return 100 * tx.tip >= _PERCENT_MORE * old.tip and 100 * tx.most >= _PERCENT_MORE * old.most
