"""Unsigned Bitcoin transactions as PSBTs (BIP174), and whether signed bytes are such a transaction. Pure.

A signed transaction is compared field by field with the unsigned one, and every signature verified: neither the signer nor
the file that came back is trusted.
"""

from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import Mapping, Sequence
from typing import Any

from embit import script
from embit.base import EmbitError
from embit.ec import PublicKey, Signature
from embit.psbt import PSBT
from embit.script import Script, Witness
from embit.transaction import SIGHASH, Transaction, TransactionInput, TransactionOutput

from activkode.funding.chains.base import Unusable
from activkode.withdrawals.chains.base import Mismatch, Signed
from activkode.withdrawals.chains.bitcoin_coins import Coin
from activkode.withdrawals.chains.bitcoin_wallet import Wallet

VERSION = 2
# May be replaced (BIP125), and sets no time of its own (BIP68).
SEQUENCE = 0xFFFFFFFD
_MAGIC, _MAGIC_BASE64 = b"psbt\xff", b"cHNidP"
_HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0
_LARGEST = 32_000_000  # a PSBT carries every transaction that it spends from
_Output = tuple[int, bytes]
# What embit raises of bytes that are none: its own, and what breaks inside.
_BROKEN = (EmbitError, ValueError, IndexError, TypeError, AssertionError, OverflowError, RuntimeError)


def make(coins: Sequence[tuple[Coin, bytes]], outputs: Sequence[_Output], wallet: Wallet) -> str:
    """The PSBT in Base64: coins (each with the bytes of the transaction that made it) and outputs in the order of BIP69.
    Raises Unusable where those bytes cannot be read."""
    ordered = sorted(coins, key=lambda pair: (pair[0].txid, pair[0].number))
    psbt = PSBT(
        Transaction(
            version=VERSION,
            vin=[
                TransactionInput(bytes.fromhex(each.txid), each.number, sequence=SEQUENCE)
                for each, _ in ordered
            ],
            vout=[TransactionOutput(satoshis, Script(data)) for satoshis, data in sorted(outputs)],
        ),
        unknown={},
    )
    for scope, (coin, raw) in zip(psbt.inputs, ordered, strict=True):
        scope.unknown, place = {}, wallet.places[coin.script]
        scope.non_witness_utxo = _whole(raw, coin)
        scope.witness_utxo = TransactionOutput(coin.satoshis, Script(coin.script))
        scope.bip32_derivations[wallet.public_key(place)] = wallet.derivation(place)
    for scope in psbt.outputs:
        scope.unknown = {}
        if own := wallet.places.get(scope.script_pubkey.data):
            scope.bip32_derivations[wallet.public_key(own)] = wallet.derivation(own)
    return str(psbt.to_base64())


def coins_of(psbt: PSBT) -> list[tuple[Coin, bytes]]:
    """What an unsigned transaction of ours spends, as `make` takes it."""
    found = []
    for scope in psbt.inputs:
        satoshis, data = scope.witness_utxo.value, bytes(scope.witness_utxo.script_pubkey.data)
        coin = Coin(scope.txid.hex(), scope.vout, satoshis, data, 0)
        found.append((coin, scope.non_witness_utxo.serialize()))
    return found


def read(body: Mapping[str, Any]) -> PSBT:
    """The PSBT of an Unsigned's body. Raises Mismatch where it is none."""
    try:
        return PSBT.from_base64(body["psbt"])
    except (*_BROKEN, KeyError) as error:
        raise Mismatch(f"the unsigned transaction cannot be read: {type(error).__name__}") from None


def check(unsigned: PSBT, raw: bytes, wallet: Wallet) -> Signed:
    """The signed transaction in `raw` (bytes or hexadecimal, or a signed PSBT, binary or Base64), if it is the unsigned one
    and every input is signed by the wallet, and completely. Raises Mismatch."""
    found = _signed(raw, unsigned)
    for name, theirs, ours in _fields(found, unsigned.tx):
        if theirs != ours:
            raise Mismatch(f"{name} is {theirs}, and should be {ours}")
    for number, scope in enumerate(unsigned.inputs):
        _check_input(found, number, scope.witness_utxo, wallet)
    return Signed(found.txid().hex(), found.serialize())


# --- reading what came back ---


def _signed(raw: bytes, unsigned: PSBT) -> Transaction:
    if len(raw) > _LARGEST:
        raise Mismatch("it is larger than any payout")
    content = _binary(raw)
    try:
        if content.startswith(_MAGIC):
            return _extracted(PSBT.parse(content), len(unsigned.inputs))
        found = Transaction.parse(content)
        is_whole = found.serialize() == content
    except _BROKEN:
        raise Mismatch("it is neither a transaction nor a PSBT") from None
    if not is_whole:
        raise Mismatch("it is written otherwise than nodes write transactions")
    return found


def _binary(raw: bytes) -> bytes:
    word = raw.strip()
    try:
        if word.startswith(_MAGIC_BASE64):
            return a2b_base64(word)
        return bytes.fromhex(word.decode("ascii"))
    except NotBase64:
        raise Mismatch("its Base64 is broken") from None
    except ValueError:  # not hexadecimal: binary, whose first and last bytes may look like blanks
        return raw


def _extracted(psbt: PSBT, inputs: int) -> Transaction:
    """The transaction of a PSBT that is signed: finalised by the signer, or with one signature for each input."""
    found: Transaction = psbt.tx
    if len(found.vin) != inputs:
        raise Mismatch(f"it has {len(found.vin)} inputs, and should have {inputs}")
    for number, (source, scope) in enumerate(zip(found.vin, psbt.inputs, strict=True)):
        if scope.final_scriptsig is not None:
            source.script_sig = scope.final_scriptsig
        if scope.final_scriptwitness is not None:
            source.witness = scope.final_scriptwitness
        elif len(scope.partial_sigs) == 1:
            ((public, signature),) = scope.partial_sigs.items()
            source.witness = Witness([signature, public.sec()])
        else:
            raise Mismatch(f"input {number} is not signed")
    return found


# --- comparing ---


def _fields(found: Transaction, wanted: Transaction) -> list[tuple[str, object, object]]:
    """Everything but the signatures: name, what came back, what should be."""
    fields: list[tuple[str, object, object]] = [
        ("the version", found.version, wanted.version),
        ("the lock time", found.locktime, wanted.locktime),
        ("the number of inputs", len(found.vin), len(wanted.vin)),
        ("the number of outputs", len(found.vout), len(wanted.vout)),
    ]
    for number, (one, other) in enumerate(zip(found.vin, wanted.vin, strict=False)):
        fields += [
            (f"input {number}", f"{one.txid.hex()}:{one.vout}", f"{other.txid.hex()}:{other.vout}"),
            (f"the sequence of input {number}", one.sequence, other.sequence),
            (f"the old-style script of input {number}", one.script_sig.data.hex(), ""),
        ]
    for number, (target, other) in enumerate(zip(found.vout, wanted.vout, strict=False)):
        fields += [
            (f"the amount of output {number}", target.value, other.value),
            (
                f"the script of output {number}",
                target.script_pubkey.data.hex(),
                other.script_pubkey.data.hex(),
            ),
        ]
    return fields


def _check_input(found: Transaction, number: int, spent: TransactionOutput, wallet: Wallet) -> None:
    """Its witness is one signature over all of the transaction, by the wallet's key of that coin (BIP141, BIP143)."""
    place = wallet.places.get(spent.script_pubkey.data)
    items = found.vin[number].witness.items
    if place is None or len(items) != 2:
        raise Mismatch(f"input {number} is no signed coin of the wallet")
    public = wallet.public_key(place)
    if items[1] != public.sec():
        raise Mismatch(f"input {number} is signed by another key")
    if not items[0] or items[0][-1] != SIGHASH.ALL:
        raise Mismatch(f"the signature of input {number} does not cover the whole transaction")
    digest = found.sighash_segwit(number, script.p2pkh_from_p2wpkh(spent.script_pubkey), spent.value)
    if not verifies(public, items[0][:-1], digest):
        raise Mismatch(f"the signature of input {number} is wrong")


def verifies(public: PublicKey, der: bytes, digest: bytes) -> bool:
    """Whether it is a signature in the one form that nodes pass on: strict DER (BIP66) with a low S (BIP62)."""
    try:
        signature = Signature.parse(der)
        is_strict = signature.serialize() == der
    except _BROKEN:
        return False
    return is_strict and _s_of(der) <= _HALF_ORDER and bool(public.verify(signature, digest))


def _s_of(der: bytes) -> int:
    after_r = 4 + der[3]
    return int.from_bytes(der[after_r + 2 :])


def _whole(raw: bytes, coin: Coin) -> Transaction:
    try:
        found = Transaction.parse(raw)
        is_same = found.serialize() == raw and found.txid().hex() == coin.txid
    except _BROKEN:
        is_same = False
    if not is_same:
        raise Unusable(f"the bytes of transaction {coin.txid} cannot be kept")
    return found
