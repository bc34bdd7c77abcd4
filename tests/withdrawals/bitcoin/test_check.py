"""What comes back from a signer is the transaction that was asked for, to the last field, or it is a mismatch."""

from base64 import b64encode
from collections.abc import Callable

import bdkpython as bdk
import pytest
from embit import bip32, script
from embit.psbt import PSBT
from embit.script import Script, Witness
from embit.transaction import Transaction, TransactionInput, TransactionOutput

from activkode.withdrawals.chains.base import Mismatch, Unsigned
from activkode.withdrawals.policy import Kind
from withdrawals.bitcoin.wallets import DEPTH, SECRET, Desk, key, wish

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
_STRANGER = bip32.HDKey.from_seed(b"somebody else").derive("m/84h/1h/0h")
Tamper = Callable[[Transaction], None]


@pytest.fixture
def unsigned(desk: Desk) -> Unsigned:
    """Of two inputs and two outputs."""
    desk.fund(100_000, 90_000)
    return desk.payer.build(wish(), None, frozenset())


def sign_again(
    found: Transaction, number: int, values: list[int], signer: bip32.HDKey, sighash: int = 1
) -> None:
    """Input `number` signed by the key of the wallet's first address, as anybody with the key could."""
    one = signer.derive([0, 0]).key
    digest = found.sighash_segwit(
        number, script.p2pkh_from_p2wpkh(script.p2wpkh(one.get_public_key())), values[number], sighash
    )
    found.vin[number].witness = Witness([one.sign(digest).serialize() + bytes([sighash]), one.sec()])


def all_again(found: Transaction) -> Transaction:
    """Validly signed once more: only the comparison can tell."""
    found.clear_cache()
    for number in range(len(found.vin)):
        sign_again(found, number, [90_000, 100_000, 100_000], bip32.HDKey.from_string(SECRET))
    return found


def high_s(found: Transaction) -> None:
    signature, public = found.vin[0].witness.items
    length = signature[3]
    r, s = signature[4 : 4 + length], int.from_bytes(signature[6 + length : -1])
    other = (ORDER - s).to_bytes(33)
    body = b"\x02" + bytes([len(r)]) + r + b"\x02\x21" + other
    found.vin[0].witness = Witness([b"\x30" + bytes([len(body)]) + body + b"\x01", public])


def swap_inputs(found: Transaction) -> None:
    found.vin.reverse()


def _set(path: str, value: object) -> Tamper:
    *way, last = path.split(".")

    def tamper(found: Transaction) -> None:
        target = found
        for step in way:
            target = target[int(step)] if step.isdigit() else getattr(target, step)
        setattr(target, last, value)

    return tamper


def _witness(*items: bytes | int) -> Tamper:
    """Those items in place of the first input's: a number is one of the old ones."""

    def tamper(found: Transaction) -> None:
        old = found.vin[0].witness.items
        found.vin[0].witness = Witness([old[each] if isinstance(each, int) else each for each in items])

    return tamper


TAMPERED: dict[str, tuple[Tamper, bool, str]] = {
    "the version": (_set("version", 1), True, "version"),
    "a lock time": (_set("locktime", 500_000), True, "lock time"),
    "a sequence": (_set("vin.0.sequence", 0xFFFFFFFE), True, "sequence of input 0"),
    "a sequence of zero": (_set("vin.0.sequence", 0), True, "sequence of input 0"),
    "another coin": (_set("vin.0.txid", bytes(32)), True, "input 0"),
    "another output of the same transaction": (_set("vin.0.vout", 7), True, "input 0"),
    "the inputs the other way round": (swap_inputs, False, "input 0"),
    "one input more": (lambda tx: tx.vin.append(TransactionInput(bytes(32), 0, sequence=0xFFFFFFFD)), True, "number of inputs"),
    "one input less": (lambda tx: tx.vin.pop(), True, "number of inputs"),
    "an input twice": (lambda tx: tx.vin.append(tx.vin[0]), True, "number of inputs"),
    "an amount": (_set("vout.1.value", 150_001), True, "amount of output 1"),
    "less change": (_set("vout.0.value", 30_000), True, "amount of output 0"),
    "the destination": (_set("vout.1.script_pubkey", Script(b"\x00\x14" + b"\x01" * 20)), True, "script of output 1"),
    "the change to a stranger": (_set("vout.0.script_pubkey", script.p2wpkh(_STRANGER.derive([0, 0]).key.get_public_key())), True, "script of output 0"),
    "one output more": (lambda tx: tx.vout.append(TransactionOutput(1000, Script(b"\x6a"))), True, "number of outputs"),
    "one output less": (lambda tx: tx.vout.pop(0), True, "number of outputs"),
    "the outputs the other way round": (lambda tx: tx.vout.reverse(), True, "output 0"),
    "an old-style script": (_set("vin.0.script_sig", Script(b"\x51")), False, "old-style script"),
    "no signature at all": (lambda tx: [_set(f"vin.{n}.witness", Witness([]))(tx) for n in (0, 1)], False, "no signed coin"),  # type: ignore[arg-type]
    "one signature missing": (_set("vin.1.witness", Witness([])), False, "input 1 is no signed coin"),
    "an empty signature": (_witness(b"", 1), False, "does not cover"),
    "the key missing": (_witness(0), False, "no signed coin"),
    "something more in the witness": (_witness(0, 1, b"\x01"), False, "no signed coin"),
    "the other input's signature": (lambda tx: setattr(tx.vin[0], "witness", tx.vin[1].witness), False, "signature of input 0 is wrong"),
    "a broken signature": (_witness(b"\x30\x06\x02\x01\x01\x02\x01\x01\x01", 1), False, "signature of input 0 is wrong"),
    "a signature with a byte behind": (lambda tx: _witness(tx.vin[0].witness.items[0][:-1] + b"\x00\x01", 1)(tx), False, "signature of input 0 is wrong"),
    "a signature with the high s": (high_s, False, "signature of input 0 is wrong"),
    "another key": (_witness(0, _STRANGER.derive([0, 0]).key.sec()), False, "another key"),
    "a stranger's valid signature": (lambda tx: sign_again(tx, 0, [90_000, 100_000], _STRANGER), False, "another key"),
    "a signature for anybody to add to": (lambda tx: sign_again(tx, 0, [90_000, 100_000], bip32.HDKey.from_string(SECRET), 0x81), False, "does not cover"),
    "a signature that covers no outputs": (lambda tx: sign_again(tx, 0, [90_000, 100_000], bip32.HDKey.from_string(SECRET), 2), False, "does not cover"),
    "a signature for another amount": (lambda tx: sign_again(tx, 0, [90_001, 100_000], bip32.HDKey.from_string(SECRET)), False, "signature of input 0 is wrong"),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERED)
def test_a_signed_transaction_with_a_field_changed_is_a_mismatch(
    desk: Desk, unsigned: Unsigned, name: str
) -> None:
    """Where the signature could be made good again, it is: the change alone has to be found."""
    tamper, again, words = TAMPERED[name]
    found = Transaction.parse(key().sign(unsigned.body))
    values = {each.name: each.satoshis for each in desk.payer._unspent.known()}
    assert [values[f"{each.txid.hex()}:{each.vout}"] for each in found.vin] in (
        [90_000, 100_000],
        [100_000, 90_000],
    )
    tamper(found)
    raw = all_again(found).serialize() if again else found.serialize()
    with pytest.raises(Mismatch, match=words):
        desk.payer.check(unsigned, raw)


def test_every_byte_of_a_signed_transaction_matters(desk: Desk, unsigned: Unsigned) -> None:
    raw = key().sign(unsigned.body)
    for place in range(len(raw)):
        flipped = bytearray(raw)
        flipped[place] ^= 1 << place % 8
        with pytest.raises(Mismatch):
            desk.payer.check(unsigned, bytes(flipped))


@pytest.mark.parametrize("raw", [b"", b"\x00", b"x", b"psbt\xff", b"cHNidP8=", b"cHNidP8", b"00" * 200, b"\xff" * 5_000_000, b"\x02" + b"\xff" * 40])  # fmt: skip
def test_what_is_no_transaction_is_a_mismatch(desk: Desk, unsigned: Unsigned, raw: bytes) -> None:
    with pytest.raises(Mismatch):
        desk.payer.check(unsigned, raw)


def test_bytes_cut_short_or_made_longer_are_a_mismatch(desk: Desk, unsigned: Unsigned) -> None:
    raw = key().sign(unsigned.body)
    for other in (raw[:-1], raw[:60], raw + b"\x00", raw + raw, stripped(raw)):
        with pytest.raises(Mismatch):
            desk.payer.check(unsigned, other)


def stripped(raw: bytes) -> bytes:
    found = Transaction.parse(raw)
    for source in found.vin:
        source.witness = Witness([])
    return bytes(found.serialize())


def test_it_may_come_back_in_any_of_the_usual_forms(desk: Desk, unsigned: Unsigned) -> None:
    raw = key().sign(unsigned.body)
    half, whole = PSBT.from_base64(unsigned.body["psbt"]), PSBT.from_base64(unsigned.body["psbt"])
    for number, source in enumerate(Transaction.parse(raw).vin):
        signature = source.witness.items[0]
        half.inputs[number].partial_sigs[next(iter(half.inputs[number].bip32_derivations))] = signature
        whole.inputs[number].final_scriptwitness = source.witness
    forms = [raw, raw.hex().encode(), raw.hex().upper().encode() + b"\r\n"]
    for psbt in (half, whole):
        forms += [
            psbt.serialize(),
            psbt.to_base64().encode() + b"\n",
            b64encode(psbt.serialize()),
            psbt.serialize().hex().encode(),
        ]
    assert {(found.tx, found.raw) for found in (desk.payer.check(unsigned, form) for form in forms)} == {
        (Transaction.parse(raw).txid().hex(), raw)
    }


def test_a_psbt_that_is_not_wholly_signed_is_a_mismatch(desk: Desk, unsigned: Unsigned) -> None:
    psbt = PSBT.from_base64(unsigned.body["psbt"])
    with pytest.raises(Mismatch, match="input 0 is not signed"):
        desk.payer.check(unsigned, psbt.serialize())
    psbt.inputs[0].final_scriptwitness = Transaction.parse(key().sign(unsigned.body)).vin[0].witness
    with pytest.raises(Mismatch, match="input 1 is not signed"):
        desk.payer.check(unsigned, psbt.to_base64().encode())


def test_the_signature_of_another_version_is_a_mismatch(desk: Desk, unsigned: Unsigned) -> None:
    raised = desk.payer.replace(wish(), unsigned, Kind.PAY)
    void = desk.payer.replace(wish(), unsigned, Kind.VOID)
    for asked, given in ((unsigned, raised), (raised, unsigned), (unsigned, void), (void, unsigned)):
        with pytest.raises(Mismatch):
            desk.payer.check(asked, key().sign(given.body))


def test_an_unsigned_one_whose_noted_coins_are_others_is_a_mismatch(desk: Desk, unsigned: Unsigned) -> None:
    other = Unsigned(unsigned.kind, unsigned.body, unsigned.spends[:1], unsigned.fee, "BTC")
    with pytest.raises(Mismatch, match="other coins"):
        desk.payer.check(other, key().sign(unsigned.body))


# --- another implementation signs ---


def test_the_bitcoin_development_kit_signs_what_we_build_and_it_is_mined(
    desk: Desk, unsigned: Unsigned
) -> None:
    """As a hardware wallet or a wallet program would: it finds its keys in the PSBT by itself."""
    kind = bdk.NetworkKind.TEST
    wallet = bdk.Wallet(
        bdk.Descriptor(f"wpkh({SECRET}/0/*)", kind),
        bdk.Descriptor(f"wpkh({SECRET}/1/*)", kind),
        bdk.Network.REGTEST,
        bdk.Persister.new_in_memory(),
    )
    psbt = bdk.Psbt(unsigned.body["psbt"])
    assert (psbt.fee(), wallet.sign(psbt)) == (unsigned.fee, True)
    for form in (psbt.serialize().encode(), bytes(psbt.extract_tx().serialize())):
        signed = desk.payer.check(unsigned, form)
        assert signed.tx == str(psbt.extract_tx().compute_txid())
    assert desk.payer.broadcast(signed).told == "taken"
    desk.fake.mine(DEPTH)
    assert signed.tx in [sent.txid for block in desk.fake.blocks for sent in block.sent]
