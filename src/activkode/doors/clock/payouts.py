"""What the clock does for withdrawals, for each coin that a wallet is set up for: hand out, have signed, broadcast, look. A
coin whose node is away keeps nobody waiting: each has loops of its own. Without a signer (the default) people hand out and
bring back files; the clock then only broadcasts and looks.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.conf import settings

from activkode.core import ids, sql
from activkode.core.errors import Refusal, TryLater
from activkode.doors.clock.loop import Loop
from activkode.funding.chains.base import Away, Unusable
from activkode.funding.policy import Asset
from activkode.withdrawals import operations, payers, payouts, read, signing
from activkode.withdrawals.chains.base import CannotPay, Mismatch, Payer, Standing, Unsigned, Wish
from activkode.withdrawals.policy import FIGURES, Figure, PayoutState
from activkode.withdrawals.read import Payout, Transaction

log = structlog.get_logger("activkode.payouts")

_BATCH = 50
_LAPSE_BATCH = 1_000
_EVERY_SECONDS, _LOOK_SECONDS, _LAPSE_SECONDS = 2.0, 3.0, 30.0
_BUMP_AFTER = timedelta(seconds=FIGURES[Figure.BUMP_AFTER_SECONDS])
# What a node or a rate lacks today may be there in a moment; it is said once a round, and nothing is lost.
_WAITS = (Away, Unusable, CannotPay, Refusal)
CLOCK = "clock"


def loops() -> list[Loop]:
    """The loops of all coins that can be paid out; none without wallets."""
    found = [Loop("lapse withdrawals", _LAPSE_SECONDS, lapse)]
    signer = signing.signer_at(settings.SIGNER_URL, settings.SIGNER_SECRET_FILE)
    for asset in payers.assets():
        found.append(
            Loop(f"payouts {asset}", _EVERY_SECONDS, partial(_with_payer, Carrying().carry, asset, signer))
        )
        found.append(
            Loop(f"watch payouts {asset}", _LOOK_SECONDS, partial(_with_payer, watch, asset, signer))
        )
    return found


def _with_payer(
    work: Callable[[Payer, signing.SignerAt | None], bool], asset: Asset, signer: signing.SignerAt | None
) -> bool:
    # Made in the loop's own thread; a wallet that is none is said again and again, and the other coins go on.
    try:
        payer = payers.payer(asset)
    except Unusable as reason:
        log.error("payout.wallet_unusable", asset=asset, why=str(reason))
        return False
    return work(payer, signer)


def lapse() -> bool:
    """Closes what was not confirmed or agreed to in time. Raises TryLater."""
    return operations.lapse(_LAPSE_BATCH) == _LAPSE_BATCH


class Carrying:
    """The way forward of one coin's payouts. It remembers whose turn was last: withdrawals that cannot be handed out now,
    say because the signer's limit leaves them for people, must not keep those behind them waiting."""

    def __init__(self) -> None:
        self._last = read.FIRST_TURN

    def carry(self, payer: Payer, signer: signing.SignerAt | None) -> bool:
        """One round: what may be handed out, signed, given to the node. Raises TryLater."""
        if signer is not None:
            turns = read.to_hand(payer.asset, after=self._last, limit=_BATCH)
            for turn in turns:
                _alone(_hand, turn.customer, turn.withdrawal, payer, signer)
            self._last = turns[-1] if len(turns) == _BATCH else read.FIRST_TURN
            for transaction in read.due(payer.asset, signed=False, limit=_BATCH):
                _alone(_sign, transaction, payer, signer)
        for transaction in read.due(payer.asset, signed=True, limit=_BATCH):
            _alone(payouts.send, transaction, payer)
        return False


def watch(payer: Payer, signer: signing.SignerAt | None) -> bool:
    """Looks at every payout that may still pay, and raises the fee of one that is stuck. Raises TryLater."""
    after = 0
    while found := read.live_payouts(payer.asset, after=after, limit=_BATCH):
        for payout in found:
            _alone(_look, payout, payer, signer)
        after = found[-1].id
    return False


def _alone(work: Callable[..., object], *about: Any) -> None:
    # Whatever one payout trips over must not hold up those behind it: their bytes would not go out, nor be looked for.
    try:
        work(*about)
    except TryLater:
        raise
    except Exception:
        log.exception("payout.fault", work=work.__name__)


def _hand(customer: int, withdrawal: int, payer: Payer, signer: signing.SignerAt) -> None:
    def would_sign(wish: Wish, unsigned: Unsigned) -> None:
        # What the signer would refuse anyway is left for people: handed out, it would only block the next one.
        signing.ask_limits(signer, wish.asset, wish.amount, unsigned.fee, wish.destination)

    try:
        payout = payouts.hand(customer, withdrawal, payer, by=CLOCK, ask=would_sign)
    except (*_WAITS, signing.NotSigned, signing.Unanswered) as reason:
        log.warning("payout.not_handed", withdrawal=withdrawal, asset=payer.asset, why=_why(reason))
    else:
        log.info("payout.handed", withdrawal=withdrawal, payout=payout, asset=payer.asset)


def _sign(transaction: Transaction, payer: Payer, signer: signing.SignerAt) -> None:
    try:
        raw = signing.ask_to_sign(
            signer, ids.show(ids.PAYOUT, transaction.payout), payer.asset, transaction.body
        )
        payouts.take_signed(transaction, payer, raw, by="signer")
    except (signing.NotSigned, signing.Unanswered, Mismatch) as reason:
        sql.execute(
            "select fn.payout_unsigned(%s, %s, %s, %s)",
            (transaction.customer, transaction.payout, transaction.number, str(reason)),
        )
        log.warning("payout.not_signed", payout=transaction.payout, why=_why(reason))


def _look(payout: Payout, payer: Payer, signer: signing.SignerAt | None) -> None:
    try:
        state = payouts.look(payout, payer)
        if signer is not None and state == PayoutState.SENT and (stuck := _stuck(payout)):
            number = payouts.replace(payout, payer, kind=stuck.kind, by=CLOCK)
            log.info("payout.bumped", payout=payout.id, number=number)
    except _WAITS as reason:
        log.warning("payout.not_looked_at", payout=payout.id, asset=payer.asset, why=_why(reason))
    else:
        if state != payout.state:
            log.info("payout.state", payout=payout.id, state=state)


def _stuck(payout: Payout) -> Transaction | None:
    """Its newest transaction, given to the network long ago and in no block; what was made void is raised as a void."""
    if payout.standing not in (Standing.PENDING, Standing.UNKNOWN):
        return None
    newest = read.transactions(payout.customer, payout.id)[-1]
    if newest.sent_at is None or newest.number >= FIGURES[Figure.BUMP_MOST]:
        return None
    return newest if sql.value("select fn.now() > %s", (newest.sent_at + _BUMP_AFTER,)) else None


def _why(reason: Exception) -> str:
    # Words of a node may hold its address with a password: the class alone, but for what we ourselves say.
    return (
        str(reason)
        if isinstance(reason, Refusal | CannotPay | Mismatch | signing.NotSigned)
        else type(reason).__name__
    )
