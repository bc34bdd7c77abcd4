"""What the fake node takes into its mempool when somebody hands it a transaction, and with which of Core's words it refuses:
coins that are there, amounts, dust, least fees, signatures (P2WPKH and key-path P2TR; it knows no other scripts), and the
rules of replacement (BIP125).
"""

from typing import TYPE_CHECKING

from embit import hashes, script
from embit.base import EmbitError
from embit.ec import PublicKey, SchnorrSig, Signature
from embit.transaction import SIGHASH, Transaction

from activkode.doors.demo.fake_bitcoin.blocks import Sent, keep
from activkode.doors.demo.fake_bitcoin.errors import (
    DECODE_FAILED,
    IN_CHAIN,
    VERIFY_ERROR,
    VERIFY_REJECTED,
    CoreError,
)
from activkode.doors.demo.fake_bitcoin.purse import Coin

if TYPE_CHECKING:
    from activkode.doors.demo.fake_bitcoin.chain import FakeBitcoin

LEAST_RATE = 1_000  # satoshis for a thousand virtual bytes, and the step of a replacement
_DUST_RATE = 3
_REPLACEABLE, _MOST_EVICTED = 0xFFFFFFFE, 100
_BROKEN = (EmbitError, ValueError, IndexError, TypeError, AssertionError, OverflowError, RuntimeError)


def accept(chain: "FakeBitcoin", hexadecimal: str) -> str:
    """Takes it into the mempool; its id. One that is there already is taken again. Raises CoreError."""
    sent = _parsed(hexadecimal)
    if sent.txid in chain.mempool:
        return sent.txid
    if any((sent.txid, number) in chain.unspent for number in range(len(sent.outputs))):
        raise CoreError(IN_CHAIN, "Transaction outputs already in utxo set")
    if chain.faults.refuses:
        raise CoreError(VERIFY_REJECTED, chain.faults.refuses)
    if len(set(sent.inputs)) != len(sent.inputs):
        raise CoreError(VERIFY_REJECTED, "bad-txns-inputs-duplicate")
    coins = _coins(chain, sent)
    evicted = _replaced(chain, sent)
    fee = _fee(sent, coins)
    _check_replacement(chain, sent, fee, evicted)
    for number in range(len(coins)):
        if not _is_signed(sent.transaction, number, coins):
            raise CoreError(
                VERIFY_REJECTED,
                "mempool-script-verify-flag-failed (Signature must be zero for failed CHECK(MULTI)SIG operation)",
            )
    chain.take(sent)
    return sent.txid


def virtual_size(sent: Sent) -> int:
    """Virtual bytes (BIP141)."""
    witness = sum(len(each.witness.serialize()) for each in sent.transaction.vin)
    stripped = len(sent.raw) - (2 + witness if sent.transaction.is_segwit else 0)
    return (stripped * 3 + len(sent.raw) + 3) // 4


def _parsed(hexadecimal: str) -> Sent:
    try:
        raw = bytes.fromhex(hexadecimal)
        sent = keep(Transaction.parse(raw))
    except _BROKEN:
        sent = None
    if sent is None or not sent.inputs or sent.raw != raw:
        raise CoreError(DECODE_FAILED, "TX decode failed. Make sure the tx has at least one input.")
    return sent


def _coins(chain: "FakeBitcoin", sent: Sent) -> list[Coin]:
    found = [chain.coin(output) for output in sent.inputs]
    if any(coin is None for coin in found):
        raise CoreError(VERIFY_ERROR, "bad-txns-inputs-missingorspent")
    return [coin for coin in found if coin is not None]


def _fee(sent: Sent, coins: list[Coin]) -> int:
    paid = sum(satoshis for satoshis, _ in sent.outputs)
    fee = sum(coin.satoshis for coin in coins) - paid
    if fee < 0:
        raise CoreError(VERIFY_REJECTED, "bad-txns-in-belowout")
    if any(satoshis < _dust(target) for satoshis, target in sent.outputs):
        raise CoreError(VERIFY_REJECTED, "dust")
    least = -(-virtual_size(sent) * LEAST_RATE // 1000)
    if fee < least:
        raise CoreError(VERIFY_REJECTED, f"min relay fee not met, {fee} < {least}")
    return fee


def _dust(target: bytes) -> int:
    is_witness = script.Script(target).script_type() in ("p2wpkh", "p2wsh", "p2tr")
    return _DUST_RATE * (8 + 1 + len(target) + (67 if is_witness else 148))


# --- replacement ---


def _replaced(chain: "FakeBitcoin", sent: Sent) -> list[Sent]:
    return [each for each in chain.mempool.values() if not set(each.inputs).isdisjoint(sent.inputs)]


def _check_replacement(chain: "FakeBitcoin", sent: Sent, fee: int, direct: list[Sent]) -> None:
    if not direct:
        return
    if any(all(source.sequence >= _REPLACEABLE for source in each.transaction.vin) for each in direct):
        raise CoreError(VERIFY_REJECTED, "txn-mempool-conflict")
    before = {output[0] for each in direct for output in each.inputs}
    if any(output[0] in chain.mempool and output[0] not in before for output in sent.inputs):
        raise CoreError(VERIFY_REJECTED, "replacement-adds-unconfirmed")
    gone = chain.with_descendants(direct)
    if len(gone) > _MOST_EVICTED:
        raise CoreError(VERIFY_REJECTED, "too many potential replacements")
    lost = sum(chain.fee_of(each) for each in gone)
    words = f"insufficient fee, rejecting replacement {sent.txid}"
    if fee < lost:
        raise CoreError(VERIFY_REJECTED, f"{words}, less fees than conflicting txs; {fee} < {lost}")
    if any(fee * virtual_size(each) <= chain.fee_of(each) * virtual_size(sent) for each in direct):
        raise CoreError(VERIFY_REJECTED, f"{words}; new feerate is not above the old one")
    if fee - lost < -(-virtual_size(sent) * LEAST_RATE // 1000):
        raise CoreError(VERIFY_REJECTED, f"{words}, not enough additional fees to relay; {fee - lost}")


# --- signatures ---


def _is_signed(transaction: Transaction, number: int, coins: list[Coin]) -> bool:
    kind = script.Script(coins[number].script).script_type()
    if transaction.vin[number].script_sig.data:
        return False
    try:
        if kind == "p2wpkh":
            return _signed_by_key(transaction, number, coins[number])
        return kind == "p2tr" and _signed_by_taproot_key(transaction, number, coins)
    except _BROKEN:
        return False


def _signed_by_key(transaction: Transaction, number: int, coin: Coin) -> bool:
    signature, public = transaction.vin[number].witness.items
    if coin.script[2:] != hashes.hash160(public) or signature[-1] != SIGHASH.ALL:
        return False
    spent = script.p2pkh_from_p2wpkh(script.Script(coin.script))
    digest = transaction.sighash_segwit(number, spent, coin.satoshis)
    return bool(PublicKey.parse(public).verify(Signature.parse(signature[:-1]), digest))


def _signed_by_taproot_key(transaction: Transaction, number: int, coins: list[Coin]) -> bool:
    (signature,) = transaction.vin[number].witness.items
    scripts, amounts = [script.Script(coin.script) for coin in coins], [coin.satoshis for coin in coins]
    digest = transaction.sighash_taproot(number, scripts, amounts)
    return bool(PublicKey.from_xonly(coins[number].script[2:]).schnorr_verify(SchnorrSig(signature), digest))
