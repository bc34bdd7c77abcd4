"""What became of a payout on Ethereum, by the receipts of all its transactions. Must never call it dead on what a node does
not know: only on what stands in a final block instead.

Whatever is called confirmed, failed or dead stands in a block that is deep enough and that the chain itself calls final: a
payout leaves the books once, and no second one follows it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from activkode.funding.chains.base import Away, Unusable
from activkode.funding.chains.evm_forms import Header, Transaction, header_of, transactions_of
from activkode.funding.chains.evm_rpc import Declined, Fields, Rpc, address_of, fields, hash_of, quantity
from activkode.funding.policy import BY_CHAIN, Chain
from activkode.withdrawals.chains.base import Sight, Standing, Version
from activkode.withdrawals.chains.ethereum_forms import payment_of
from activkode.withdrawals.policy import Kind

_DEPTH = BY_CHAIN[Chain.ETHEREUM].deep_confirmations
_UNKNOWN_FINAL = -1


@dataclass(frozen=True, slots=True)
class _Mined:
    """One of the versions in a block of the chain."""

    version: Version
    block: Header
    succeeded: bool
    fee: int


@dataclass(frozen=True, slots=True)
class _Ends:
    """The newest block's height, and the newest final block (None where the node knows none)."""

    height: int
    final: Header | None

    def depth(self, block: Header) -> int:
        return max(0, self.height - block.height + 1)

    def is_final(self, block: Header) -> bool:
        final = self.final.height if self.final else _UNKNOWN_FINAL
        return self.depth(block) >= _DEPTH and block.height <= final


def look(nodes: Sequence[Rpc], wallet: str, versions: tuple[Version, ...]) -> Sight:
    """Where the payout stands, by the first node; the others are asked for what it has not kept. All versions have one
    number of the wallet. Raises Away, Unusable."""
    rpc = nodes[0]
    ends = _ends(rpc)
    mined = [one for version in versions if (one := _mined(rpc, wallet, version))]
    if len(mined) > 1:
        raise Unusable("the node tells two transactions of one number")
    if mined:
        return _sight(mined[0], ends)
    nonce = payment_of(versions[0].unsigned.body).nonce
    return _overtaken(nodes, wallet, nonce, ends, versions) or _waiting(rpc, versions)


# --- in a block ---


def _ends(rpc: Rpc) -> _Ends:
    latest, final = (("eth_getBlockByNumber", [place, False]) for place in ("latest", "finalized"))
    newest, sure = rpc.ask_all([latest, final])
    if isinstance(newest, Declined):
        raise newest
    return _Ends(
        header_of(newest).height, None if sure is None or isinstance(sure, Declined) else header_of(sure)
    )


def _mined(rpc: Rpc, wallet: str, version: Version) -> _Mined | None:
    tx = version.signed.tx
    receipt = rpc.ask("eth_getTransactionReceipt", tx)
    if receipt is None:
        return None
    one = fields(receipt, "the receipt")
    if hash_of(one.get("transactionHash"), "a receipt's transaction") != tx:
        raise Unusable("a receipt is of another transaction")
    if address_of(one.get("from"), "a receipt's sender") != wallet:
        raise Unusable("a receipt is of another sender")
    block = _block(rpc, quantity(one.get("blockNumber"), "a receipt's height"))
    if block.hash != hash_of(one.get("blockHash"), "a receipt's block"):
        return None  # a fork took its block away
    return _Mined(version, block, quantity(one.get("status"), "a receipt's status", 1) == 1, _fee(one))


def _fee(receipt: Fields) -> int:
    used, price = receipt.get("gasUsed"), receipt.get("effectiveGasPrice")
    return quantity(used, "the gas used") * quantity(price, "its price")


def _sight(mined: _Mined, ends: _Ends) -> Sight:
    standing = Standing.MINED
    if ends.is_final(mined.block):
        standing = Standing.CONFIRMED if mined.succeeded else Standing.FAILED
        if mined.version.kind is Kind.VOID:
            standing = Standing.DEAD
    proof = {
        "block": mined.block.hash,
        "height": mined.block.height,
        "status": int(mined.succeeded),
        "kind": mined.version.kind.value,
        "final_height": ends.final.height if ends.final else None,
    }
    tx, height = mined.version.signed.tx, mined.block.height
    return Sight(standing, tx, height, ends.depth(mined.block), mined.fee, proof)


# --- in none ---


def _overtaken(
    nodes: Sequence[Rpc], wallet: str, nonce: int, ends: _Ends, versions: tuple[Version, ...]
) -> Sight | None:
    """DEAD where a final, deep enough block holds another transaction of that number: found, not inferred. A node that
    answers from several machines may know no receipt of what it has mined."""
    rpc, final = nodes[0], ends.final
    if final is None or _count(rpc, wallet, final.height) <= nonce:
        return None
    found = next((one for node in nodes if (one := _who_used(node, wallet, nonce, final.height))), None)
    if found is None:
        why = "the number was used; which transaction did so, only a node that keeps what was can tell: second_url"
        return Sight(Standing.UNKNOWN, proof={"nonce": nonce, "final_height": final.height, "why": why})
    block, other = found
    if other.hash in {version.signed.tx for version in versions} or not ends.is_final(block):
        return None
    if _block(rpc, block.height).hash != block.hash:
        raise Unusable(f"the nodes tell two blocks {block.height}")
    proof = {"used_by": other.hash, "nonce": nonce, "block": block.hash, "height": block.height}
    proof |= {"final_height": final.height}
    return Sight(Standing.DEAD, None, block.height, ends.depth(block), None, proof)


def _who_used(rpc: Rpc, wallet: str, nonce: int, height: int) -> tuple[Header, Transaction] | None:
    """The block up to `height` in which the wallet's number was used, and by what. None where the node has not kept
    what was (an archive node has)."""
    try:
        low = next(at for at in _back(height) if at == 0 or _count(rpc, wallet, at) <= nonce)
        while height - low > 1:
            middle = (low + height) // 2
            low, height = (middle, height) if _count(rpc, wallet, middle) <= nonce else (low, middle)
        value = rpc.ask("eth_getBlockByNumber", hex(height), True)
    except Declined:
        return None
    block = header_of(value, height)
    for one in transactions_of(value, block):
        if (one.sender, one.nonce) == (wallet, nonce):
            return block, one
    raise Unusable(f"block {height} does not hold the transaction that used number {nonce}")


def _back(height: int) -> Iterator[int]:
    step = 1
    while height - step > 0:
        yield height - step
        step *= 2
    yield 0


def _count(rpc: Rpc, wallet: str, height: int) -> int:
    return quantity(rpc.ask("eth_getTransactionCount", wallet, hex(height)), "the count")


def _waiting(rpc: Rpc, versions: tuple[Version, ...]) -> Sight:
    answers: list[Any] = rpc.ask_all(
        [("eth_getTransactionByHash", [version.signed.tx]) for version in versions]
    )
    known = [
        version.signed.tx
        for version, answer in zip(versions, answers, strict=True)
        if isinstance(answer, dict)
    ]
    if not known and all(isinstance(answer, Declined) for answer in answers):
        raise Away("the node does not say whether it knows them")
    return Sight(Standing.PENDING, known[-1]) if known else Sight(Standing.UNKNOWN)


def _block(rpc: Rpc, height: int) -> Header:
    value = rpc.ask("eth_getBlockByNumber", hex(height), False)
    if value is None:
        raise Away(f"the node has no block {height}")
    return header_of(value, height)
