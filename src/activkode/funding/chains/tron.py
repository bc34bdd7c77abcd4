"""How TRON differs from the other chains of the Ethereum kind, as its nodes (java-tron) answer JSON-RPC."""

from collections.abc import Mapping
from typing import Any

from bip_utils import Base58ChecksumError, Base58Decoder

from activkode.funding.chains.base import Unusable
from activkode.funding.chains.evm import EvmNode, Kind
from activkode.funding.chains.evm_rpc import address_of
from activkode.funding.policy import Asset, Chain

_PREFIX = b"\x41"
_BYTES = 21


def key_of(text: str) -> str:
    """The twenty bytes, in hex, of an address in TRON's own form (T...: 21 bytes that begin with 0x41, and a checksum) or
    in hex. Raises Unusable."""
    if text.startswith("0x"):
        return address_of(text, text)
    try:
        found: bytes = Base58Decoder.CheckDecode(text)
    except (ValueError, Base58ChecksumError):
        raise Unusable(f"{text} is no address of TRON") from None
    if len(found) != _BYTES or found[:1] != _PREFIX:
        raise Unusable(f"{text} is no address of TRON")
    return "0x" + found[1:].hex()


TRON = Kind(
    chain=Chain.TRON,
    coin=None,
    coin_name="TRX",
    chain_id=0x2B6653DC,
    genesis="0x00000000000000001ebf88508a03865c71d452e25f4d51194196a1d22b6653dc",
    assets={Asset.USDT_TRC20: "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"},
    strangers={
        "USDC (TRC-20)": "TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8",
        "WTRX (TRC-20)": "TNUC9Qb1rRpS5CbWLmNMxXBjyFoydXjWFR",
    },
    contract_of=key_of,
    batches=False,
    logs_by_hash=False,
    knows_history=False,
    has_mempool=False,
    named=lambda tx: tx.removeprefix("0x"),
)


class TronNode(EvmNode):
    """A node of TRON's main network, or of another that the options name."""

    def __init__(self, url: str, options: Mapping[str, Any]) -> None:
        super().__init__(TRON, url, options)
