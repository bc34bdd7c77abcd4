"""Addresses from a seed, made by other libraries than the ones that check them."""

import random
from hashlib import sha256

from embit import ec, script
from embit.base58 import encode_check
from embit.networks import NETWORKS
from eth_utils import to_checksum_address

from activkode.funding.policy import Asset

KINDS = ("p2pkh", "p2sh", "p2wpkh", "p2wsh", "p2tr")
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
TYPED = "0OIl" + BASE58  # what fingers type, the letters that Base58 leaves out among it


def bitcoin(chance: random.Random, network: str = "main", kind: str = "") -> str:
    """Of any kind, by embit."""
    public = ec.PrivateKey(chance.randbytes(32)).get_public_key()
    inner = script.p2wpkh(public)
    chosen = kind or chance.choice(KINDS)
    made = {
        "p2pkh": lambda: script.p2pkh(public),
        "p2sh": lambda: script.p2sh(inner),
        "p2wpkh": lambda: inner,
        "p2wsh": lambda: script.p2wsh(script.Script(chance.randbytes(30))),
        "p2tr": lambda: script.p2tr(public),
    }[chosen]()
    return str(made.address(NETWORKS[network]))


def ethereum(chance: random.Random) -> str:
    """With its checksum, by eth-utils."""
    return str(to_checksum_address(chance.randbytes(20)))


def tron(chance: random.Random) -> str:
    """By embit's Base58."""
    return str(encode_check(b"\x41" + chance.randbytes(20)))


MADE = {Asset.BTC: bitcoin, Asset.ETH: ethereum, Asset.USDT_TRC20: tron}


def mistyped(chance: random.Random, address: str, first: int) -> str:
    """One character, from place `first` on, is another one."""
    place = chance.randrange(first, len(address))
    other = chance.choice([sign for sign in TYPED if sign != address[place]])
    return address[:place] + other + address[place + 1 :]


def many(asset: Asset, count: int) -> list[str]:
    """So many of an asset, always the same ones."""
    chance = random.Random(sha256(asset.encode()).digest())
    return [MADE[asset](chance) for _ in range(count)]
