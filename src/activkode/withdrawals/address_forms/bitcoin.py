"""Bitcoin's addresses: P2PKH and P2SH in Base58Check, P2WPKH, P2WSH (BIP173) and P2TR (BIP350) in bech32 and bech32m. Pure.

An output that nobody could ever spend, or that we could not say who can, is refused.
"""

from bip_utils import Bech32ChecksumError, Secp256k1PublicKey, SegwitBech32Decoder

from activkode.withdrawals.address_forms import base58check
from activkode.withdrawals.address_forms.base import Bad, Decoded, OtherNetwork

_MAIN = "mainnet"
# The prefix, and what it says; signet shares testnet's.
_SEGWIT_NETWORKS = {"bc": (_MAIN,), "tb": ("testnet", "signet"), "bcrt": ("regtest",)}
NETWORKS = tuple(name for names in _SEGWIT_NETWORKS.values() for name in names)
# The first byte of Base58 addresses: whether it is the main network's, and whether it pays a script.
_VERSIONS = {0x00: (True, False), 0x05: (True, True), 0x6F: (False, False), 0xC4: (False, True)}
_HASH_BYTES, _KEY_BYTES = 20, 32
_TAPROOT = 1
_LONGEST_SEGWIT = 90  # BIP173
# Addresses that were made up to burn coins: no key is known, or can be.
_BURNT = frozenset({"1BitcoinEaterAddressDontSendf59kuE", "1CounterpartyXXXXXXXXXXXXXXXUWLpVr"})


def decode(word: str, network: str) -> Decoded:
    """The address, if it is one of `network` (mainnet, testnet, signet, regtest). Raises Bad, OtherNetwork."""
    if network not in NETWORKS:
        raise ValueError(f"{network!r} is no network of Bitcoin's")
    prefix = word.lower().partition("1")[0]
    return _segwit(word, prefix, network) if prefix in _SEGWIT_NETWORKS else _base58(word, network)


def _segwit(word: str, prefix: str, network: str) -> Decoded:
    if word not in (word.lower(), word.upper()):
        raise Bad("This Bitcoin address mixes capital and small letters; it must be all of one kind.")
    address = word.lower()
    version, program = _program(prefix, address)
    _spendable(version, program)
    if network not in _SEGWIT_NETWORKS[prefix]:
        raise _other(_SEGWIT_NETWORKS[prefix][0], network)
    script = bytes([version + 0x50 if version else 0, len(program)]) + program
    return Decoded(address, script.hex())


def _program(prefix: str, address: str) -> tuple[int, bytes]:
    if len(address) > _LONGEST_SEGWIT:
        raise Bad("This is too long for a Bitcoin address.")
    try:
        version, program = SegwitBech32Decoder.Decode(prefix, address)
    except (Bech32ChecksumError, ValueError):  # a checksum of the other kind (BIP350) is one of them
        raise Bad(
            "The checksum of this Bitcoin address is wrong: a letter is mistyped, missing or too many."
        ) from None
    return int(version), bytes(program)


def _spendable(version: int, program: bytes) -> None:
    if version > _TAPROOT:
        raise Bad(
            f"Bitcoin has no use yet for addresses of witness version {version}; coins sent there could be lost."
        )
    if version == _TAPROOT and len(program) != _KEY_BYTES:
        raise Bad(
            "Bitcoin has no use yet for taproot addresses of this length; coins sent there could be lost."
        )
    if version == _TAPROOT and not Secp256k1PublicKey.IsValidBytes(b"\x02" + program):
        raise Bad("No key can spend from this taproot address; coins sent there would be lost.")
    if not any(program):
        raise Bad("Nobody has the key of this address; coins sent there would be lost.")


def _base58(word: str, network: str) -> Decoded:
    found = base58check.payload(word)
    if found is None:
        raise Bad(
            "The checksum of this Bitcoin address is wrong: a character is mistyped, missing or too many."
        )
    if len(found) != 1 + _HASH_BYTES or found[0] not in _VERSIONS:
        raise Bad("This is no Bitcoin address.")
    if word in _BURNT or not any(found[1:]):
        raise Bad("Nobody has the key of this address; coins sent there would be lost.")
    is_main, is_script = _VERSIONS[found[0]]
    if is_main != (network == _MAIN):
        raise _other(_MAIN if is_main else "testnet", network)
    body = found[1:].hex()
    return Decoded(word, f"a914{body}87" if is_script else f"76a914{body}88ac")


def _other(found: str, wanted: str) -> OtherNetwork:
    return OtherNetwork(f"This is an address of {_named(found)}; we pay on {_named(wanted)}.")


def _named(network: str) -> str:
    return "Bitcoin's main network" if network == _MAIN else f"Bitcoin's test network ({network})"
