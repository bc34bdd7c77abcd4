"""Derives addresses from an account's extended public key, external branch only. Pure; must never see a private key, and
never puts a key, or what a library says of one, into a message.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from bip_utils import (
    Base58ChecksumError,
    Base58Decoder,
    Bip32KeyData,
    Bip32KeyError,
    Bip32Slip10Secp256k1,
    EthAddrEncoder,
    P2TRAddrEncoder,
    P2WPKHAddrEncoder,
    SegwitBech32Decoder,
    TrxAddrEncoder,
)

from activkode.funding.policy import Asset

# m / purpose' / coin' / account'
ACCOUNT_DEPTH = 3
EXTERNAL_BRANCH = 0
FIRST_INDEX = 0
LAST_INDEX = 2**31 - 1
_HARDENED = 2**31
_PAYLOAD_BYTES = 78
_PREFIXES = {"mainnet": "bc", "testnet": "tb", "signet": "tb", "regtest": "bcrt"}
# EIP-681 names the chain, so that a wallet does not pay on another one.
_CHAIN_IDS = {"mainnet": 1, "sepolia": 11_155_111, "holesky": 17_000, "dev": 31_337, "anvil": 31_337}


class UnusableKey(Exception):
    """A keychain of the settings that gives no addresses. The text says why, without the key."""


class PrivateKey(UnusableKey):
    """What should be a public key can spend."""


@dataclass(frozen=True, slots=True)
class Derived:
    """An address as shown, and the key by which a chain's data calls it (Address.key): the output script in hex on
    Bitcoin, "0x" and twenty bytes in hex elsewhere."""

    address: str
    key: str


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of address. `versions` are the first four bytes of the extended keys that it takes, for the main network and
    for others; `fold`: the address means the same in any case."""

    asset: Asset
    versions: tuple[tuple[str, ...], tuple[str, ...]]
    encode: Callable[[Bip32Slip10Secp256k1, str], Derived]
    fold: bool = True


def _segwit(encoder: type[P2WPKHAddrEncoder] | type[P2TRAddrEncoder]) -> Callable[..., Derived]:
    def encode(child: Bip32Slip10Secp256k1, network: str) -> Derived:
        prefix = _PREFIXES[network]
        address = encoder.EncodeKey(child.PublicKey().KeyObject(), hrp=prefix)
        # What is watched is read off what is shown, so that the two cannot differ.
        version, program = SegwitBech32Decoder.Decode(prefix, address)
        script = bytes([version + 0x50 if version else 0, len(program)]) + program
        return Derived(address, script.hex())

    return encode


def _ethereum(child: Bip32Slip10Secp256k1, network: str) -> Derived:
    address = EthAddrEncoder.EncodeKey(child.PublicKey().KeyObject())
    return Derived(address, address.lower())


def _tron(child: Bip32Slip10Secp256k1, network: str) -> Derived:
    address = TrxAddrEncoder.EncodeKey(child.PublicKey().KeyObject())
    return Derived(address, f"0x{Base58Decoder.CheckDecode(address)[1:].hex()}")


_XPUB, _ZPUB, _TPUB, _VPUB = "0488b21e", "04b24746", "043587cf", "045f1cf6"
FORMS: dict[str, Form] = {
    "btc_p2wpkh": Form(Asset.BTC, ((_XPUB, _ZPUB), (_TPUB, _VPUB)), _segwit(P2WPKHAddrEncoder)),
    "btc_p2tr": Form(Asset.BTC, ((_XPUB,), (_TPUB,)), _segwit(P2TRAddrEncoder)),
    # Their wallets export the same form for every network.
    "eth": Form(Asset.ETH, ((_XPUB,), (_XPUB, _TPUB)), _ethereum),
    "tron": Form(Asset.USDT_TRC20, ((_XPUB,), (_XPUB, _TPUB)), _tron, fold=False),
}


@dataclass(frozen=True, slots=True)
class Keychain:
    """One extended public key of the settings, proven to derive its expected first address. `fingerprint` tells it from
    any other key or network, in whatever form it was written."""

    name: str
    asset: Asset
    fingerprint: str
    network: str
    chain_id: int | None
    _branch: Bip32Slip10Secp256k1 = field(repr=False)

    def derive(self, index: int) -> Derived:
        """The address of an index of the external branch. Raises UnusableKey beyond the last index."""
        if not FIRST_INDEX <= index <= LAST_INDEX:
            raise UnusableKey("there is no such index")
        return form_of(self.name).encode(self._branch.ChildKey(index), self.network)

    def uri(self, address: str) -> str:
        """What a wallet's camera reads: BIP21, EIP-681 with its chain, or the plain address."""
        if self.asset is Asset.BTC:
            return f"bitcoin:{address}"
        if self.asset is Asset.ETH:
            return f"ethereum:{address}@{self.chain_id}"
        return address


def form_of(name: str) -> Form:
    """The kind of a keychain's addresses: its name up to a "/", so that a new key may stand beside an old one of the same
    kind (btc_p2wpkh/2027). Raises UnusableKey."""
    kind = name.partition("/")[0]
    if kind not in FORMS:
        raise UnusableKey(f"there is no such kind; known are {', '.join(FORMS)}")
    return FORMS[kind]


def prove(name: str, extended: str, first_address: str, network: str, chain_id: int | None) -> Keychain:
    """The keychain, once index 0 is seen to derive `first_address`. Raises UnusableKey, PrivateKey."""
    form = form_of(name)
    if form.asset is Asset.BTC and network not in _PREFIXES:
        raise UnusableKey(f"Bitcoin has no network {network!r}")
    if form.asset is Asset.ETH:
        chain_id = chain_id or _CHAIN_IDS.get(network)
        if chain_id is None:
            raise UnusableKey(f"the chain_id of network {network!r} is not set")
    payload = _payload(extended)
    _check(payload, form, network)
    branch = _branch(payload)
    mark = sha256(network.encode() + b"/" + payload[13:]).hexdigest()[:16]
    made = Keychain(name, form.asset, mark, network, chain_id, branch)
    first = made.derive(FIRST_INDEX).address
    if not _same(first, first_address.strip(), form.fold):
        raise UnusableKey("it does not derive its first_address")
    return made


def holds_private_key(text: str) -> bool:
    """Whether a text looks like an extended private key, whole or not."""
    return text.strip()[1:4].lower() == "prv"


def _payload(extended: str) -> bytes:
    if holds_private_key(extended):
        raise PrivateKey("it is a private key: such a key must never be on this machine")
    try:
        payload: bytes = Base58Decoder.CheckDecode(extended.strip())
    except (Base58ChecksumError, ValueError):
        raise UnusableKey("its checksum is wrong, or it is no extended key") from None
    if len(payload) != _PAYLOAD_BYTES:
        raise UnusableKey("it is no extended key")
    if payload[45] == 0:
        raise PrivateKey("it is a private key: such a key must never be on this machine")
    return payload


def _check(payload: bytes, form: Form, network: str) -> None:
    main, other = form.versions
    wanted, foreign = (main, other) if network == "mainnet" else (other, main)
    version = payload[:4].hex()
    if version in foreign and version not in wanted:
        raise UnusableKey(f"it is a key of another network than {network}")
    if version not in wanted:
        raise UnusableKey("it is an extended key for another kind of address")
    if payload[4] != ACCOUNT_DEPTH or int.from_bytes(payload[9:13]) < _HARDENED:
        raise UnusableKey(f"it is no account's key: depth {payload[4]}, wanted is {ACCOUNT_DEPTH}, hardened")


def _branch(payload: bytes) -> Bip32Slip10Secp256k1:
    data = Bip32KeyData(payload[4], int.from_bytes(payload[9:13]), payload[13:45], payload[5:9])
    try:
        account = Bip32Slip10Secp256k1.FromPublicKey(payload[45:], data)
        return account.ChildKey(EXTERNAL_BRANCH)
    except (Bip32KeyError, ValueError):
        raise UnusableKey("it is no point of the curve") from None


def _same(one: str, other: str, fold: bool) -> bool:
    return one.lower() == other.lower() if fold else one == other
