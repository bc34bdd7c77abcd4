"""Pays out bitcoin from one wallet: transactions built as PSBTs, signed elsewhere, checked against what was asked for, given
to a node, and looked for on the chain. Holds a public key only.
"""

from collections.abc import Mapping
from typing import Any

from activkode.core.errors import Refusal
from activkode.funding.chains.base import Away, Unusable
from activkode.funding.policy import Asset, Chain
from activkode.withdrawals import destinations
from activkode.withdrawals.chains import bitcoin_psbt as psbts
from activkode.withdrawals.chains.base import (
    Broadcast,
    CannotPay,
    Mismatch,
    Sight,
    Signed,
    Told,
    Unsigned,
    Version,
    Wish,
)
from activkode.withdrawals.chains.bitcoin_coins import (
    Coin,
    Plan,
    Wanted,
    choose,
    fee_of,
    settle,
    virtual_bytes,
)
from activkode.withdrawals.chains.bitcoin_look import Looker
from activkode.withdrawals.chains.bitcoin_node import PayoutNode
from activkode.withdrawals.chains.bitcoin_unspent import Unspent
from activkode.withdrawals.chains.bitcoin_wallet import Wallet
from activkode.withdrawals.policy import Kind

_COINS = 21_000_000 * 10**8
# rpc/protocol.h: what it says of a transaction.
_IN_CHAIN = -27
_REFUSALS = (-22, -25, -26)
_KNOWN_WORDS = ("already-in-mempool", "already-known", "same-nonwitness-data")


class BitcoinPayer:
    """chains.base.Payer over Bitcoin Core's JSON-RPC. options, of ACTIVKODE_CHAINS and ACTIVKODE_PAYOUTS together: url,
    network, xpub, first_address and origin (see Wallet). Raises Unusable where the wallet's key cannot be used."""

    chain = Chain.BITCOIN
    asset = Asset.BTC
    fee_coin = "BTC"

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._wallet = Wallet(options)
        self._node = PayoutNode(options)
        self._unspent = Unspent(self._node, self._wallet)
        self._looker = Looker(self._node, self._wallet)
        self._is_on_network = False

    def close(self) -> None:
        """Closes the connections."""
        self._node.close()

    def wallet(self) -> str:
        """The first address of the wallet."""
        return self._wallet.first_address

    def holds(self) -> int:
        """Satoshis that can be spent now. The first time it scans the node's unspent outputs: minutes on the main network.
        Raises Away, Unusable."""
        self._must_be_on_network()
        return self._unspent.satoshis()

    def next_nonce(self) -> int | None:
        """None: coins are what is spent once."""
        return None

    def cost(self, destination: str, amount: int) -> int:
        """Satoshis that a payout would cost to be mined within an hour. Scans nothing: with the coins that are known, or as
        if one sufficed. Raises CannotPay for what is no address here, Away, Unusable."""
        wanted = self._wanted("", self._target(destination), amount, _COINS)
        try:
            return choose(self._unspent.known(), wanted).fee
        except CannotPay:
            return fee_of(virtual_bytes(1, [wanted.target, wanted.back]), wanted.rate)

    # --- building ---

    def build(self, wish: Wish, nonce: int | None, taken: frozenset[str]) -> Unsigned:
        """A transaction that pays exactly that; what comes back goes to the wallet's branch for change. Raises CannotPay,
        Away, Unusable."""
        self._must_be_on_network()
        target = self._target(wish.destination)
        height = self._node.blocks.head().height
        plan, coins = self._unspent.plan(self._wanted(wish.payout, target, wish.amount, wish.most_fee), taken)
        return self._unsigned(wish, Kind.PAY, plan, coins, height)

    def replace(self, wish: Wish, before: Unsigned, kind: Kind) -> Unsigned:
        """The same coins with a higher fee (BIP125), out of the change; a void takes all of them back. Raises CannotPay,
        Away, Unusable."""
        psbt = psbts.read(before.body)
        coins = psbts.coins_of(psbt)
        target, amount = (b"", 0) if kind is Kind.VOID else (self._target(wish.destination), wish.amount)
        wanted = self._wanted(wish.payout, target, amount, wish.most_fee, before.fee)
        own = [scope for scope in psbt.outputs if scope.script_pubkey.data in self._wallet.places]
        plan = settle(tuple(coin for coin, _ in coins), wanted, 1 if kind is Kind.VOID else len(own))
        return self._unsigned(wish, kind, plan, coins, int(before.body["height"]))

    def _target(self, destination: str) -> bytes:
        try:
            found = destinations.check(Asset.BTC, destination, self._wallet.network)
        except Refusal as refusal:
            raise CannotPay(refusal.told) from None
        script = bytes.fromhex(found.key)
        if script in self._wallet.places:
            raise CannotPay("this is an address of the wallet that pays")
        return script

    def _wanted(self, payout: str, target: bytes, amount: int, most_fee: int, before: int = 0) -> Wanted:
        (back,) = self._wallet.change(payout, 1)
        step = self._node.step() if before else 0
        return Wanted(target, amount, back, self._node.rate(), most_fee, before, step)

    def _unsigned(
        self, wish: Wish, kind: Kind, plan: Plan, coins: list[tuple[Coin, bytes]], height: int
    ) -> Unsigned:
        change = list(zip(plan.change, self._wallet.change(wish.payout, len(plan.change)), strict=True))
        paid = [] if kind is Kind.VOID else [(wish.amount, self._target(wish.destination))]
        body = {
            "psbt": psbts.make(coins, [*paid, *change], self._wallet),
            "network": self._wallet.network,
            "height": height,
            "pays": {
                "payout": wish.payout,
                "kind": str(kind),
                "satoshis": {self._wallet.address(script): satoshis for satoshis, script in paid},
                "change_satoshis": {self._wallet.address(script): satoshis for satoshis, script in change},
                "fee_satoshis": plan.fee,
            },
        }
        return Unsigned(kind, body, tuple(sorted(coin.name for coin, _ in coins)), plan.fee, self.fee_coin)

    # --- signed ---

    def check(self, unsigned: Unsigned, raw: bytes) -> Signed:
        """That these bytes (a transaction, binary or hexadecimal, or a signed PSBT, binary or Base64) are that transaction,
        signed by the wallet. Raises Mismatch."""
        psbt = psbts.read(unsigned.body)
        if sorted(coin.name for coin, _ in psbts.coins_of(psbt)) != sorted(unsigned.spends):
            raise Mismatch("the unsigned transaction spends other coins than were noted")
        return psbts.check(psbt, raw, self._wallet)

    def broadcast(self, signed: Signed) -> Broadcast:
        """Gives the bytes to the node; never raises for what it says."""
        try:
            tx = self._node.send(signed.raw)
        except Away as away:
            return Broadcast(_told(away), str(away))
        except Unusable as error:
            return Broadcast(Told.UNANSWERED, str(error))
        if tx != signed.tx:
            return Broadcast(Told.UNANSWERED, f"the node calls it {tx}")
        return Broadcast(Told.TAKEN, tx)

    def look(self, versions: tuple[Version, ...]) -> Sight:
        """What became of a payout; confirmed and dead mean six blocks, whatever the amount. Raises Away, Unusable."""
        self._must_be_on_network()
        return self._looker.look(versions)

    def expired(self, unsigned: Unsigned) -> bool:
        """Never: what was signed once stays good until its coins are spent."""
        return False

    def _must_be_on_network(self) -> None:
        if not self._is_on_network:
            self._node.blocks.genesis()
            self._is_on_network = True


def _told(away: Away) -> Told:
    if away.code == _IN_CHAIN or (
        away.code in _REFUSALS and any(words in str(away) for words in _KNOWN_WORDS)
    ):
        return Told.KNOWN
    return Told.REFUSED if away.code in _REFUSALS else Told.UNANSWERED
