"""What a payout asks of a Bitcoin node: its unspent outputs, fee rates, and to pass a transaction on. Plain calls of Bitcoin
Core without a wallet or an index; an amount is believed only when the bytes of its transaction bear it out.
"""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec
from msgspec import Struct

from activkode.funding.chains.base import Away, Unusable
from activkode.funding.chains.bitcoin import BitcoinNode
from activkode.funding.chains.bitcoin_json import Script, Transaction, hash_of, prove, satoshis_of
from activkode.funding.chains.bitcoin_rpc import Answer, Rpc
from activkode.withdrawals.chains.bitcoin_coins import Coin

# A scan reads the whole set of unspent outputs: one to three minutes on the main network.
_SCAN_SECONDS = 15 * 60
_BLOCKS_TO_WAIT = 6
# Under this no node of today's passes a transaction on everywhere, whatever ours says.
_LEAST_RATE = 1_000
_MOST_RATE = 2_000_000
NOT_FOUND = -5


class Unspent(Struct):
    """One of scantxoutset's."""

    txid: str
    vout: int
    amount: Decimal
    height: int
    script: str = msgspec.field(name="scriptPubKey")
    coinbase: bool = False


class Scan(Struct):
    """What scantxoutset answers."""

    success: bool
    height: int
    bestblock: str
    unspents: list[Unspent]


class Output(Struct):
    """What gettxout answers of an unspent output."""

    confirmations: int
    value: Decimal
    bestblock: str
    script: Script = msgspec.field(name="scriptPubKey")


class Estimate(Struct):
    """What estimatesmartfee answers: coins for a thousand virtual bytes."""

    feerate: Decimal | None = None


class MempoolInfo(Struct):
    """getmempoolinfo's least rates, in coins; `incremental` since Core 24."""

    mempoolminfee: Decimal
    minrelaytxfee: Decimal
    incremental: Decimal = msgspec.field(name="incrementalrelayfee", default=Decimal("0.00001"))


class Entry(Struct):
    """That getmempoolentry found it."""

    time: int


_SCAN = msgspec.json.Decoder(Answer[Scan])
_OUTPUT = msgspec.json.Decoder(Answer[Output])
_ESTIMATE = msgspec.json.Decoder(Answer[Estimate])
_MEMPOOL = msgspec.json.Decoder(Answer[MempoolInfo])
_ENTRY = msgspec.json.Decoder(Answer[Entry])
_ONE = msgspec.json.Decoder(Answer[Transaction])
_SENT = msgspec.json.Decoder(Answer[str])


class PayoutNode:
    """The calls, and the chain's blocks (`blocks`). Every one raises Away or Unusable."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        url = options["url"]
        self.blocks = BitcoinNode(url, {"network": options.get("network", "mainnet")})
        self._rpc = Rpc(url)
        self._patient = Rpc(url, silence_seconds=_SCAN_SECONDS)

    def close(self) -> None:
        """Closes the connections."""
        for each in (self.blocks, self._rpc, self._patient):
            each.close()

    # --- coins ---

    def unspent(self, scripts: Iterable[bytes]) -> tuple[dict[str, Coin], int, str]:
        """The confirmed coins of those output scripts by their names, and the block as of which they are. Takes minutes on
        the main network. What is minted is left out, for it cannot be spent for a hundred blocks."""
        wanted = {script.hex() for script in scripts}
        found = self._patient.call(
            _SCAN, "scantxoutset", "start", [f"raw({script})" for script in sorted(wanted)]
        )
        if not found.success or any(each.script not in wanted for each in found.unspents):
            raise Unusable("scantxoutset: not finished, or other scripts than were asked for")
        coins = [_coin(each) for each in found.unspents if not each.coinbase]
        return (
            {coin.name: coin for coin in coins},
            found.height,
            hash_of(found.bestblock, "the scanned block"),
        )

    def is_unspent(self, name: str, *, in_mempool: bool) -> bool:
        """Whether nothing in the chain spends an output ("txid:number"), nor, if so asked, in the mempool."""
        return self.output(name, in_mempool=in_mempool) is not None

    def output(self, name: str, *, in_mempool: bool) -> Output | None:
        """The same with what the node knows of it."""
        txid, _, number = name.partition(":")
        return self._rpc.find(_OUTPUT, "gettxout", txid, int(number), in_mempool)

    def with_bytes(self, coins: Iterable[Coin]) -> list[tuple[Coin, bytes]]:
        """Each coin with the whole transaction that made it: the proof of its amount and script, which signers ask for
        too."""
        made: dict[str, Transaction] = {}
        found = []
        for coin in coins:
            if coin.txid not in made:
                block = self.blocks.hash_at(coin.height)
                made[coin.txid] = self._rpc.call(_ONE, "getrawtransaction", coin.txid, True, block)
            proven = prove(made[coin.txid])
            outputs = proven.outputs[coin.number : coin.number + 1]
            if proven.txid != coin.txid or outputs != ((coin.satoshis, coin.script.hex()),):
                raise Unusable(f"transaction {coin.txid}: its output {coin.number} is not what the scan said")
            found.append((coin, bytes.fromhex(made[coin.txid].hex)))
        return found

    # --- fees ---

    def rate(self) -> int:
        """Satoshis for a thousand virtual bytes, to be mined within an hour; what the mempool takes at the least where the
        node has no estimate yet."""
        info = self._rpc.call(_MEMPOOL, "getmempoolinfo")
        estimate = self._rpc.call(_ESTIMATE, "estimatesmartfee", _BLOCKS_TO_WAIT).feerate or Decimal(0)
        rates = [_rate(each) for each in (estimate, info.mempoolminfee, info.minrelaytxfee)]
        return max(*rates, _LEAST_RATE)

    def step(self) -> int:
        """By how much a replacement's rate has to pay for itself (BIP125, rule 4)."""
        return max(_rate(self._rpc.call(_MEMPOOL, "getmempoolinfo").incremental), _LEAST_RATE)

    # --- transactions ---

    def send(self, raw: bytes) -> str:
        """Passes it on; its id. Raises Away with Core's code where the node refuses."""
        return hash_of(self._rpc.call(_SENT, "sendrawtransaction", raw.hex()), "the transaction's id")

    def waiting(self, ids: Sequence[str]) -> str | None:
        """Which of the transactions is in the mempool."""
        for txid in ids:
            try:
                self._rpc.call(_ENTRY, "getmempoolentry", txid)
            except Away as away:
                if away.code != NOT_FOUND:
                    raise
            else:
                return txid
        return None


def _coin(found: Unspent) -> Coin:
    txid = hash_of(found.txid, "a transaction's id")
    satoshis = satoshis_of(found.amount, f"transaction {txid}")
    return Coin(txid, found.vout, satoshis, bytes.fromhex(found.script), found.height)


def _rate(coins: Decimal) -> int:
    if coins.is_nan() or not 0 <= coins < 1:
        raise Unusable(f"a fee rate of {str(coins)[:40]} coins")
    rate = int(coins.scaleb(8).to_integral_value(rounding="ROUND_CEILING"))
    if rate > _MOST_RATE:
        raise Unusable(f"a fee rate of {rate} satoshis for a thousand bytes")
    return rate
