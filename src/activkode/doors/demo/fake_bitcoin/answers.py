"""The fake node's answers, in Bitcoin Core's shapes and with its errors."""

from collections.abc import Callable
from copy import deepcopy
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from embit.networks import NETWORKS
from embit.script import Script

from activkode.doors.demo.fake_bitcoin import payout_answers
from activkode.doors.demo.fake_bitcoin.acceptance import virtual_size
from activkode.doors.demo.fake_bitcoin.blocks import FakeBlock, Sent
from activkode.doors.demo.fake_bitcoin.errors import METHOD_NOT_FOUND, WARMING_UP, CoreError

if TYPE_CHECKING:
    from activkode.doors.demo.fake_bitcoin.chain import FakeBitcoin

_NAMES = {"mainnet": "main", "testnet": "test", "signet": "signet", "regtest": "regtest"}
_TYPES = {
    "p2wpkh": "witness_v0_keyhash",
    "p2wsh": "witness_v0_scripthash",
    "p2tr": "witness_v1_taproot",
    "p2pkh": "pubkeyhash",
    "p2sh": "scripthash",
}


def answer(chain: "FakeBitcoin", method: str, params: list[Any]) -> Any:
    """The result of one call. Raises CoreError."""
    if chain.faults.is_warming_up:
        raise CoreError(WARMING_UP, "Loading block index…")
    call = _METHODS.get(method)
    if call is None:
        raise CoreError(METHOD_NOT_FOUND, "Method not found")
    with chain.lock:
        try:
            result = call(chain, *params)
        except TypeError as error:
            raise CoreError(-1, f"{method}: wrong number or type of arguments") from error
    return chain.faults.twist(method, deepcopy(result)) if chain.faults.twist else result


def _shown(chain: "FakeBitcoin") -> list[FakeBlock]:
    return chain.blocks[: len(chain.blocks) - chain.faults.lag_blocks]


def _block_count(chain: "FakeBitcoin") -> int:
    return len(_shown(chain)) - 1


def _block_hash(chain: "FakeBitcoin", height: int) -> str:
    shown = _shown(chain)
    if not 0 <= height < len(shown):
        raise CoreError(-8, "Block height out of range")
    return shown[height].hash


def _best_block_hash(chain: "FakeBitcoin") -> str:
    return _shown(chain)[-1].hash


def _header(chain: "FakeBitcoin", hash_: str, verbose: bool = True) -> Any:
    shown = _shown(chain)
    block = next((each for each in reversed(shown) if each.hash == hash_), None)
    if block is None:
        raise CoreError(-5, "Block not found")
    if not verbose:
        return block.header.hex()
    found = {
        "hash": block.hash,
        "confirmations": len(shown) - block.height,
        "height": block.height,
        "version": block.version,
        "versionHex": f"{block.version:08x}",
        "merkleroot": block.root,
        "time": block.time,
        "mediantime": block.time,
        "nonce": block.nonce,
        "bits": f"{block.bits:08x}",
        "nTx": len(block.sent),
    }
    if block.height:
        found["previousblockhash"] = block.parent
    if block is not shown[-1]:
        found["nextblockhash"] = shown[block.height + 1].hash
    return found


def _block(chain: "FakeBitcoin", hash_: str, verbosity: int = 1) -> Any:
    found = _header(chain, hash_)
    block = chain.blocks[found["height"]]
    shown = block.sent[: (len(block.sent) + 1) // 2] if chain.faults.half_blocks else block.sent
    network = _NAMES[chain.network]
    content = [_transaction(each, network) if verbosity > 1 else each.txid for each in shown]
    return found | {"size": 80 + sum(len(each.raw) for each in block.sent), "tx": content}


def _mempool(chain: "FakeBitcoin", verbose: bool = False) -> Any:
    return {txid: {} for txid in chain.mempool} if verbose else list(chain.mempool)


def _raw_transaction(chain: "FakeBitcoin", txid: str, verbose: bool = False, block: str = "") -> Any:
    if block:
        height = _header(chain, block)["height"]
        mined = [each for each in chain.blocks[height].sent if each.txid == txid]
        if not mined:
            raise CoreError(
                -5,
                "No such transaction found in the provided block. Use gettransaction for wallet transactions.",
            )
        return _transaction(mined[0], _NAMES[chain.network]) if verbose else mined[0].raw.hex()
    sent = chain.mempool.get(txid)
    if sent is None:
        raise CoreError(
            -5,
            "No such mempool transaction. Use -txindex or provide a block hash to enable blockchain transaction queries."
            " Use gettransaction for wallet transactions.",
        )
    return _transaction(sent, _NAMES[chain.network]) if verbose else sent.raw.hex()


def _chain_info(chain: "FakeBitcoin") -> Any:
    head = _shown(chain)[-1]
    return {"chain": _NAMES[chain.network], "blocks": head.height, "bestblockhash": head.hash}


_METHODS: dict[str, Callable[..., Any]] = {
    "getblockcount": _block_count,
    "getblockhash": _block_hash,
    "getbestblockhash": _best_block_hash,
    "getblockheader": _header,
    "getblock": _block,
    "getrawmempool": _mempool,
    "getrawtransaction": _raw_transaction,
    "getblockchaininfo": _chain_info,
    "sendrawtransaction": payout_answers.send,
    "gettxout": payout_answers.output,
    "scantxoutset": payout_answers.scan,
    "estimatesmartfee": payout_answers.estimate,
    "getmempoolinfo": payout_answers.mempool_info,
    "getmempoolentry": payout_answers.mempool_entry,
}


def _transaction(sent: Sent, network: str) -> dict[str, Any]:
    transaction, size = sent.transaction, virtual_size(sent)
    return {
        "txid": sent.txid,
        "hash": sent.txid,
        "version": transaction.version,
        "size": len(sent.raw),
        "vsize": size,
        "weight": size * 4,  # rounded up
        "locktime": transaction.locktime,
        "vin": [_input(each) for each in transaction.vin],
        "vout": [_output(each, number, network) for number, each in enumerate(transaction.vout)],
        "hex": sent.raw.hex(),
    }


def _input(source: Any) -> dict[str, Any]:
    script = source.script_sig.data.hex()
    if source.txid == bytes(32):
        return {"coinbase": script, "sequence": source.sequence}
    found = {
        "txid": source.txid.hex(),
        "vout": source.vout,
        "scriptSig": {"asm": script, "hex": script},
        "sequence": source.sequence,
    }
    if source.witness.items:
        found["txinwitness"] = [item.hex() for item in source.witness.items]
    return found


def _output(target: Any, number: int, network: str) -> dict[str, Any]:
    described = _described(target.script_pubkey.data, network)
    return {"value": Decimal(target.value).scaleb(-8), "n": number, "scriptPubKey": described}


@lru_cache(10_000)
def _described(data: bytes, network: str) -> dict[str, Any]:
    script = Script(data)
    kind = script.script_type()
    described = {"asm": data.hex(), "hex": data.hex(), "type": _TYPES.get(kind, "nonstandard")}
    return described | ({"address": script.address(NETWORKS[network])} if kind else {})
