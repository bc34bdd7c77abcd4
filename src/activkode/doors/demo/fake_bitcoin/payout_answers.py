"""The fake node's answers to what a payout asks: unspent outputs, fees, the mempool, and taking a transaction."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from activkode.doors.demo.fake_bitcoin.acceptance import LEAST_RATE, accept, virtual_size
from activkode.doors.demo.fake_bitcoin.errors import INVALID_PARAMETER, NOT_FOUND, CoreError
from activkode.doors.demo.fake_bitcoin.purse import Coin

if TYPE_CHECKING:
    from activkode.doors.demo.fake_bitcoin.chain import FakeBitcoin

_RAW = re.compile(r"raw\(([0-9a-f]*)\)(#\w{8})?")


def send(chain: "FakeBitcoin", hexadecimal: str, most_rate: object = None) -> str:
    """sendrawtransaction."""
    return accept(chain, hexadecimal)


def output(chain: "FakeBitcoin", txid: str, number: int, in_mempool: bool = True) -> Any:
    """gettxout: null for what is spent or was never there."""
    coin = chain.coin((txid, number), in_mempool=in_mempool)
    if coin is None or (in_mempool and chain.is_spent_in_mempool((txid, number))):
        return None
    height = chain.heights.get(txid)
    return {
        "bestblock": chain.blocks[-1].hash,
        "confirmations": 0 if height is None else len(chain.blocks) - height,
        "value": _coins(coin.satoshis),
        "scriptPubKey": {"asm": coin.script.hex(), "hex": coin.script.hex()},
        "coinbase": height is not None and chain.blocks[height].sent[0].txid == txid,
    }


def scan(chain: "FakeBitcoin", action: str, wanted: list[Any] | None = None) -> Any:
    """scantxoutset, of raw(...) descriptors."""
    if action != "start":
        return None if action == "status" else False
    scripts = {bytes.fromhex(_raw(each)) for each in wanted or []}
    found = [coin for coin in chain.unspent.values() if coin.script in scripts]
    return {
        "success": True,
        "txouts": len(chain.unspent),
        "height": len(chain.blocks) - 1,
        "bestblock": chain.blocks[-1].hash,
        "unspents": [_unspent(chain, coin) for coin in found],
        "total_amount": _coins(sum(coin.satoshis for coin in found)),
    }


def estimate(chain: "FakeBitcoin", blocks: int, mode: str = "") -> Any:
    """estimatesmartfee: nothing, until the chain is told a rate."""
    if chain.rate is None:
        return {"errors": ["Insufficient data or no feerate found"], "blocks": blocks}
    return {"feerate": _coins(chain.rate), "blocks": blocks}


def mempool_info(chain: "FakeBitcoin") -> Any:
    """getmempoolinfo."""
    least = _coins(LEAST_RATE)
    return {
        "loaded": True,
        "size": len(chain.mempool),
        "mempoolminfee": least,
        "minrelaytxfee": least,
        "incrementalrelayfee": least,
    }


def mempool_entry(chain: "FakeBitcoin", txid: str) -> Any:
    """getmempoolentry."""
    sent = chain.mempool.get(txid)
    if sent is None:
        raise CoreError(NOT_FOUND, "Transaction not in mempool")
    return {
        "vsize": virtual_size(sent),
        "time": chain.blocks[-1].time,
        "fees": {"base": _coins(chain.fee_of(sent))},
    }


def _unspent(chain: "FakeBitcoin", coin: Coin) -> dict[str, Any]:
    height = chain.heights[coin.txid]
    return {
        "txid": coin.txid,
        "vout": coin.number,
        "scriptPubKey": coin.script.hex(),
        "desc": f"raw({coin.script.hex()})",
        "amount": _coins(coin.satoshis),
        "coinbase": chain.blocks[height].sent[0].txid == coin.txid,
        "height": height,
    }


def _raw(descriptor: Any) -> str:
    text = descriptor["desc"] if isinstance(descriptor, dict) else descriptor
    found = _RAW.fullmatch(text)
    if found is None:
        raise CoreError(INVALID_PARAMETER, "the fake scans for raw(...) alone")
    return found[1]


def _coins(satoshis: int) -> Decimal:
    return Decimal(satoshis).scaleb(-8)
