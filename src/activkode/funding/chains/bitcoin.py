"""A Bitcoin node, asked in the plainest form of Bitcoin Core's JSON-RPC: getblockcount, getblockhash, getblockheader,
getblock, getrawmempool, getrawtransaction. Must never believe what the hashes do not prove.
"""

from bisect import bisect
from collections.abc import Mapping
from itertools import accumulate
from typing import Any

import httpx

from activkode.funding.chains.base import Block, Found, Head, Own, Unusable, WrongNetwork
from activkode.funding.chains.bitcoin_json import (
    BLOCK,
    HEADER,
    NUMBER,
    TEXT,
    FullBlock,
    check,
    hash_of,
    time_of,
)
from activkode.funding.chains.bitcoin_mempool import Mempool, paid, spent
from activkode.funding.chains.bitcoin_rpc import Rpc
from activkode.funding.policy import Chain, Reason

GENESIS = {
    "mainnet": "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
    "testnet": "000000000933ea01ad0ee984209779baaec3ced90fa3f408719526f8d77f4943",
    "signet": "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
    "regtest": "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
}
_EVERYTHING = 2  # getblock's verbosity with whole transactions


class BitcoinNode:
    """chains.base.Node over HTTP."""

    chain = Chain.BITCOIN

    def __init__(
        self, url: str, options: Mapping[str, Any], transport: httpx.BaseTransport | None = None
    ) -> None:
        network = options.get("network", "mainnet")
        if network not in GENESIS:
            raise ValueError(f"{network!r} is no network of Bitcoin's: {', '.join(GENESIS)}")
        self._genesis = GENESIS[network]
        self._rpc = Rpc(url, transport)
        self._mempool = Mempool(self._rpc)
        self._head: Head | None = None

    def close(self) -> None:
        """Closes the connections."""
        self._rpc.close()

    def genesis(self) -> str:
        """The hash of block 0. Raises WrongNetwork where it is not the configured network's."""
        found = self.hash_at(0)
        if found != self._genesis:
            raise WrongNetwork(f"the node's first block is {found}, this network's is {self._genesis}")
        return found

    def head(self) -> Head:
        """The newest block. Bitcoin has no word of finality."""
        height = self._rpc.call(NUMBER, "getblockcount")
        hash_ = self.hash_at(height)
        if self._head is None or (self._head.height, self._head.hash) != (height, hash_):
            header = self._rpc.call(HEADER, "getblockheader", hash_)
            if (header.hash, header.height) != (hash_, height):
                raise Unusable(f"asked for the header of block {height}, got that of {header.height}")
            self._head = Head(height, hash_, time_of(header.time))
        return self._head

    def hash_at(self, height: int) -> str:
        """The hash of the node's block at a height."""
        return hash_of(self._rpc.call(TEXT, "getblockhash", height), f"the hash of block {height}")

    def fetch(self, height: int) -> FullBlock:
        """The block at a height, proven to be whole."""
        hash_ = self.hash_at(height)
        block = self._rpc.call(BLOCK, "getblock", hash_, _EVERYTHING)
        check(block, height, hash_)
        return block

    def read(self, fetched: object, own: Own) -> Block:
        """What the block pays us, and which awaited outputs it spends."""
        assert isinstance(fetched, FullBlock)
        return Block(
            fetched.height,
            fetched.hash,
            fetched.parent,
            time_of(fetched.time),
            tuple(_payments(fetched, own)),
            tuple(_spent(fetched, own.waits_for())),
        )

    def pending(self, own: Own) -> list[Found]:
        """Unconfirmed payments to us."""
        return self._mempool.payments(own)

    def conflicts(self, own: Own) -> list[tuple[str, str]]:
        """Awaited outputs and the unconfirmed transactions that spend them, as of the last `pending`."""
        return self._mempool.conflicts(own)


def _payments(block: FullBlock, own: Own) -> list[Found]:
    """Runs over every output of every block: kept to one list and one look-up each."""
    places = own.among([output.script.hex for transaction in block.tx for output in transaction.vout])
    if not places:
        return []
    ends = list(accumulate(len(transaction.vout) for transaction in block.tx))
    found: list[Found] = []
    for number in sorted({bisect(ends, place) for place in places}):
        found += paid(block.tx[number], own, None if number else Reason.COINBASE)
    return found


def _spent(block: FullBlock, waits: frozenset[str]) -> list[tuple[str, str]]:
    """The same over every input."""
    sources = {name.partition(":")[0] for name in waits}
    if not sources:
        return []
    return [
        (name, transaction.txid)
        for transaction in block.tx
        if any([each.txid in sources for each in transaction.vin])
        for name in spent(transaction, waits)
    ]
