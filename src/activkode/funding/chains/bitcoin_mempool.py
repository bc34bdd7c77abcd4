"""A node's mempool: which of its transactions pay us, and which spend the coins that a payment to us waits with.

Each transaction is fetched once, so many a round; what is gone is forgotten. Nothing here must be remembered over a restart.
"""

from collections import Counter
from collections.abc import Iterable

from activkode.funding.chains.base import Found, Own, Unusable
from activkode.funding.chains.bitcoin_json import TEXTS, TRANSACTIONS, Proven, Transaction, hash_of, prove
from activkode.funding.chains.bitcoin_rpc import Rpc
from activkode.funding.policy import Asset, Reason

# So many are fetched a round at most: a first start with a full mempool must not hold up the blocks.
AT_MOST = 400
_BATCH = 100
_LARGEST = 1_000_000
# Enough to notice a replacement; the inputs stand with every output of a payment, and there may be thousands of both.
_INPUTS_KEPT = 20
# A pair of output and spender that was told so often has been heard.
_TOLD_OFTEN = 10


class Mempool:
    """What was seen of it so far."""

    def __init__(self, rpc: Rpc) -> None:
        self._rpc = rpc
        self._listed: set[str] = set()
        self._known: dict[str, tuple[Found, ...]] = {}
        self._young: list[Transaction] = []
        self._spenders: dict[str, str] = {}
        self._told: Counter[tuple[str, str]] = Counter()

    def payments(self, own: Own) -> list[Found]:
        """All that is known to pay us now; looks at what came since the last time. Raises Away, Unusable."""
        listed = self._rpc.call(TEXTS, "getrawmempool")
        if len(listed) > _LARGEST:
            raise Unusable(f"a mempool of {len(listed)} transactions")
        present = set(listed)
        self._forget(present)
        new = [txid for txid in listed if txid not in self._known]
        new.sort(key=self._listed.__contains__)  # what came since the last round stands before the backlog
        fetched = self._fetch(new[:AT_MOST])
        # Those of the last round once more: an address may have been given out, or a payment recorded, just after.
        for transaction in (*self._young, *fetched):
            if transaction.txid in present:
                self._known[transaction.txid] = tuple(self._read(transaction, own))
        self._young, self._listed = fetched, present
        return [found for each in self._known.values() for found in each]

    def conflicts(self, own: Own) -> list[tuple[str, str]]:
        """Outputs that payments to us wait with, and the transaction that spends each now; told several times."""
        waits = own.waits_for()
        pairs = [pair for pair in self._spenders.items() if pair[0] in waits]
        untold = [pair for pair in pairs if self._told[pair] < _TOLD_OFTEN]
        self._told.update(untold)
        return untold

    def _forget(self, present: set[str]) -> None:
        for txid in self._known.keys() - present:
            del self._known[txid]
        self._spenders = {output: txid for output, txid in self._spenders.items() if txid in present}
        self._told = Counter({pair: n for pair, n in self._told.items() if pair[1] in present})

    def _fetch(self, ids: list[str]) -> list[Transaction]:
        fetched = []
        for begin in range(0, len(ids), _BATCH):
            asked = [hash_of(txid, "a transaction's id") for txid in ids[begin : begin + _BATCH]]
            answers = self._rpc.batch(TRANSACTIONS, "getrawtransaction", [(txid, True) for txid in asked])
            for txid, answer in zip(asked, answers, strict=True):
                if answer is None:  # gone meanwhile
                    continue
                if answer.txid != txid:
                    raise Unusable(f"asked for transaction {txid}, got {answer.txid[:80]}")
                fetched.append(answer)
        return fetched

    def _read(self, transaction: Transaction, own: Own) -> list[Found]:
        for output in spent(transaction, own.waits_for()):
            self._spenders[output] = transaction.txid
        return list(paid(transaction, own))


def paid(transaction: Transaction, own: Own, reason: Reason | None = None) -> Iterable[Found]:
    """The outputs that may be to us. Raises Unusable where the bytes do not bear them out."""
    if not own.among([output.script.hex for output in transaction.vout]):
        return
    proven = prove(transaction)
    for position, (satoshis, script) in enumerate(proven.outputs):
        if own.has(script):
            yield _found(proven, position, satoshis, script, reason)


def spent(transaction: Transaction, waits: frozenset[str]) -> list[str]:
    """Which of those outputs it spends. Raises Unusable where the bytes do not bear it out."""
    if not waits or waits.isdisjoint([f"{each.txid}:{each.vout}" for each in transaction.vin]):
        return []
    return [name for name in prove(transaction).inputs if name in waits]


def _found(proven: Proven, position: int, satoshis: int, script: str, reason: Reason | None) -> Found:
    if satoshis == 0:
        reason = Reason.ZERO_AMOUNT
    return Found(
        proven.txid, position, script, satoshis, Asset.BTC, reason=reason, inputs=proven.inputs[:_INPUTS_KEPT]
    )
