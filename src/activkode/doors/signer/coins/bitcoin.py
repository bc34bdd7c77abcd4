"""Signs payouts in bitcoin with an account's private key (BIP84). What a PSBT would do is read off the transaction itself:
amounts from the earlier transactions, whose hashes it names, and change only where the key itself derives its address.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from embit import bip32, script
from embit.base import EmbitError
from embit.ec import PrivateKey
from embit.networks import NETWORKS
from embit.psbt import PSBT, DerivationPath
from embit.script import Witness
from embit.transaction import SIGHASH, Transaction

from activkode.doors.signer.coins.base import Meant, Unreadable, UnusableKey
from activkode.funding.policy import Asset

_ACCOUNT_DEPTH = 3
_BRANCHES = (0, 1)
_LAST_INDEX = 10_000
_VERSION = 2
# mainnet's and the test networks' private keys, plain and as BIP84 writes them
_MAIN, _TESTS = ("0488ade4", "04b2430c"), ("04358394", "045f18bc")
_NETWORKS = {"mainnet": "main", "testnet": "test", "signet": "signet", "regtest": "regtest"}
_DESCRIPTOR = re.compile(r"wpkh\((\[[0-9a-f]{8}[0-9h'/]*\])?(?P<key>\w+)(/(<0;1>|0)/\*)?\)(#\w{8})?")
# What embit raises of bytes that are none: its own, and what breaks inside.
_BROKEN = (
    EmbitError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    OverflowError,
    RuntimeError,
)


def read(entry: Mapping[str, Any]) -> "BitcoinKey":
    """The key of an entry {"account": an account's xprv, zprv, tprv or vprv, or a descriptor wpkh(...) of it, "network":
    mainnet (where it is left out), testnet, signet or regtest}. Raises UnusableKey."""
    network = entry.get("network", "mainnet")
    if network not in _NETWORKS:
        raise UnusableKey(f"Bitcoin has no such network; there are {', '.join(_NETWORKS)}")
    text = str(entry.get("account", "")).strip()
    found = _DESCRIPTOR.fullmatch(text)
    try:
        account = bip32.HDKey.from_string(found["key"] if found else text)
    except _BROKEN:
        raise UnusableKey("account is no extended key, or its checksum is wrong") from None
    if not account.is_private or account.depth != _ACCOUNT_DEPTH:
        raise UnusableKey("account is not the private key of an account (m/84'/0'/0')")
    if account.version.hex() not in (_MAIN if network == "mainnet" else _TESTS):
        raise UnusableKey(
            f"account is a key of another network than {network}, or for another kind of address"
        )
    return BitcoinKey(account, network)


class BitcoinKey:
    """coins.base.Key of a payout wallet."""

    asset = Asset.BTC

    def __init__(self, account: bip32.HDKey, network: str) -> None:
        # Behind a function: embit's keys show themselves whole where they are printed.
        self._derive: Callable[[list[int]], bip32.HDKey] = lambda steps: account.derive(steps)
        self._network = NETWORKS[_NETWORKS[network]]
        self.wallet = str(script.p2wpkh(self._derive([0, 0]).get_public_key()).address(self._network))

    def describe(self, body: Mapping[str, Any]) -> Meant:
        """What the PSBT in body["psbt"] pays, and for what fee. Raises Unreadable."""
        return self._read(body)[2]

    def sign(self, body: Mapping[str, Any]) -> bytes:
        """The transaction with all its signatures (RFC 6979). Raises Unreadable."""
        transaction, keys, _ = self._read(body)
        spent = [script.p2wpkh(key.get_public_key()) for key, _ in keys]
        for number, (key, satoshis) in enumerate(keys):
            digest = transaction.sighash_segwit(number, script.p2pkh_from_p2wpkh(spent[number]), satoshis)
            signature = key.sign(digest).serialize() + bytes([SIGHASH.ALL])
            transaction.vin[number].witness = Witness([signature, key.sec()])
        return bytes(transaction.serialize())

    def _read(self, body: Mapping[str, Any]) -> tuple[Transaction, list[tuple[PrivateKey, int]], Meant]:
        """The transaction, the key and amount of each input, and what it means."""
        try:
            psbt = PSBT.from_base64(body["psbt"])
            transaction = Transaction.parse(psbt.tx.serialize())
            keys = [self._spent(scope) for scope in psbt.inputs]
            own = [self._is_own(scope) for scope in psbt.outputs]
        except _BROKEN as error:
            raise Unreadable(f"it is no PSBT that can be signed: {type(error).__name__}") from None
        return transaction, keys, self._meant(transaction, keys, own)

    def _spent(self, scope: Any) -> tuple[PrivateKey, int]:
        """An input's key and amount. The earlier transaction proves the amount: its hash is part of what is signed."""
        before = scope.non_witness_utxo
        if before is None or before.txid() != scope.txid:
            raise Unreadable("an input comes without the transaction that made it")
        made = before.vout[scope.vout]
        if scope.sighash_type not in (None, SIGHASH.ALL):
            raise Unreadable("an input is not to be signed for the whole transaction")
        key = self._key(scope.bip32_derivations, made.script_pubkey.data)
        if key is None:
            raise Unreadable("an input is not of this wallet")
        return key, made.value

    def _is_own(self, scope: Any) -> bool:
        return self._key(scope.bip32_derivations, scope.script_pubkey.data) is not None

    def _key(self, claimed: Mapping[Any, DerivationPath], data: bytes) -> PrivateKey | None:
        """The key of an output script, if it is this wallet's: where the PSBT says it stands, derived anew."""
        for path in claimed.values():
            branch, index = path.derivation[-2:]
            if branch in _BRANCHES and index < _LAST_INDEX:
                key: PrivateKey = self._derive([branch, index]).key
                if script.p2wpkh(key.get_public_key()).data == data:
                    return key
        return None

    def _meant(self, transaction: Transaction, keys: list[tuple[PrivateKey, int]], own: list[bool]) -> Meant:
        others = [output for output, is_own in zip(transaction.vout, own, strict=True) if not is_own]
        spends = tuple(sorted(f"{each.txid.hex()}:{each.vout}" for each in transaction.vin))
        fee = sum(satoshis for _, satoshis in keys) - sum(output.value for output in transaction.vout)
        if len(others) > 1:
            raise Unreadable("it pays more than one address that is not of this wallet")
        if len(set(spends)) != len(spends) or not spends or not transaction.vout:
            raise Unreadable("it spends or pays nothing, or a coin twice")
        if fee < 0 or transaction.version != _VERSION or transaction.locktime:
            raise Unreadable("it pays more than it spends, or is of another version or with a time lock")
        return Meant(
            Asset.BTC,
            self._address(others[0].script_pubkey) if others else None,
            sum(output.value for output in others),
            fee,
            spends,
            transaction.txid().hex(),
        )

    def _address(self, target: script.Script) -> str:
        try:
            return str(target.address(self._network))
        except _BROKEN:
            raise Unreadable("it pays a script that has no address") from None
