"""The fake chain's own money: one key, whose coins pay for everything that a test or the demo's button sends."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from embit import ec, script
from embit.transaction import SIGHASH, Transaction, TransactionInput, TransactionOutput

from activkode.doors.demo.fake_bitcoin.blocks import Sent, keep

# Signals that it may be replaced (BIP125).
_SEQUENCE = 0xFFFFFFFD


@dataclass(frozen=True, slots=True)
class Coin:
    """An output that can be spent."""

    txid: str
    number: int
    satoshis: int
    script: bytes


class Purse:
    """A key with its two output scripts, P2WPKH and P2TR. A fake's key: worth nothing on any network."""

    def __init__(self, seed: str) -> None:
        self._key = ec.PrivateKey(sha256(seed.encode()).digest())
        self._tweaked = self._key.taproot_tweak(b"")
        public = self._key.get_public_key()
        self._witness_script = script.p2wpkh(public)
        self.scripts: tuple[bytes, bytes] = (self._witness_script.data, script.p2tr(public).data)

    def spend(self, coins: Sequence[Coin], outputs: Sequence[tuple[int, bytes]], version: int) -> Sent:
        """A signed transaction of those coins."""
        transaction = Transaction(
            version=version,
            vin=[
                TransactionInput(bytes.fromhex(coin.txid), coin.number, sequence=_SEQUENCE) for coin in coins
            ],
            vout=[TransactionOutput(satoshis, script.Script(target)) for satoshis, target in outputs],
        )
        for number, coin in enumerate(coins):
            transaction.vin[number].witness = self._witness(transaction, number, coins, coin)
        return keep(transaction)

    def _witness(
        self, transaction: Transaction, number: int, coins: Sequence[Coin], coin: Coin
    ) -> script.Witness:
        if coin.script == self.scripts[0]:
            public = self._key.get_public_key()
            digest = transaction.sighash_segwit(
                number, script.p2pkh_from_p2wpkh(self._witness_script), coin.satoshis
            )
            return script.witness_p2wpkh(self._key.sign(digest), public, SIGHASH.ALL)
        digest = transaction.sighash_taproot(
            number, [script.Script(each.script) for each in coins], [each.satoshis for each in coins]
        )
        return script.Witness([self._tweaked.schnorr_sign(digest).serialize()])


@cache
def script_of(address: str) -> bytes:
    """The output script of an address of any network."""
    return bytes(script.Script.from_address(address).data)
