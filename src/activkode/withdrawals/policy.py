"""The policy of withdrawals as data: figures, what each event does to a withdrawal and to a payout in each state.

Pages, documents, SQL and tests read this file; nothing else may state a figure or a rule again (POLICY 1.4, 2.3).
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a withdrawal stands. The last four are closed. Only `requested` and the closed ones hold no money."""

    REQUESTED = "requested"
    CONFIRMED = "confirmed"
    APPROVED = "approved"
    SIGNED = "signed"
    BROADCAST = "broadcast"
    PAID = "paid"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    RETURNED = "returned"


OPEN = (State.REQUESTED, State.CONFIRMED, State.APPROVED, State.SIGNED, State.BROADCAST)
RESERVED = (State.CONFIRMED, State.APPROVED, State.SIGNED, State.BROADCAST)
# As approved as it takes: a payout may be handed to a signer, or has been.
PAYABLE = (State.APPROVED, State.SIGNED, State.BROADCAST)
CLOSED = (State.PAID, State.REJECTED, State.CANCELLED, State.RETURNED)


class Event(StrEnum):
    """What can happen to a withdrawal."""

    CONFIRM = "confirm"
    APPROVE = "approve"
    SIGN = "sign"
    BROADCAST = "broadcast"
    PAY = "pay"
    REJECT = "reject"
    CANCEL = "cancel"
    LAPSE = "lapse"
    RETURN = "return"


class Movement(StrEnum):
    """The ledger movements a withdrawal can cause; `withdrawal_pay` is one for each coin (ledger/movements.py)."""

    RESERVE = "withdrawal_reserve"
    PAY = "withdrawal_pay"
    FEE = "withdrawal_fee"
    NETWORK = "withdrawal_network"
    RETURN = "withdrawal_return"


class PayoutState(StrEnum):
    """Where one attempt to pay stands. All but the last two are live: of those a withdrawal has at most one.

    handed: the unsigned transaction went to a signer, so a signed one may exist from here on; signed: its bytes and id
    are stored; sent: it was given to a node at least once, whatever the node answered; confirmed: a successful receipt,
    deep enough; dead: proven that none of its transactions can ever pay."""

    HANDED = "handed"
    SIGNED = "signed"
    SENT = "sent"
    CONFIRMED = "confirmed"
    DEAD = "dead"


LIVE = (PayoutState.HANDED, PayoutState.SIGNED, PayoutState.SENT)


class Kind(StrEnum):
    """What a transaction of a payout does: pays, or spends the same nonce or inputs back to ourselves, so that the payout
    is provably dead."""

    PAY = "pay"
    VOID = "void"


class Figure(StrEnum):
    """Names of the figures below."""

    WITHDRAWAL_LEAST_MICROS = "withdrawal_least_micros"
    WITHDRAWAL_FEE_MICROS = "withdrawal_fee_micros"
    NETWORK_COST_FREE_MICROS = "network_cost_free_micros"
    CONSENT_DAYS = "consent_days"
    TWO_APPROVALS_FROM_MICROS = "two_approvals_from_micros"
    EMAIL_CHANGE_DAYS = "email_change_days"
    WITHDRAWAL_BUSINESS_DAYS = "withdrawal_business_days"
    ADDRESS_CHARACTERS_TYPED = "address_characters_typed"
    FEE_FREE_DAYS = "fee_free_days"
    BUMP_AFTER_SECONDS = "bump_after_seconds"
    BUMP_MOST = "bump_most"
    TRON_EXPIRY_SECONDS = "tron_expiry_seconds"
    DEAD_MARGIN_SECONDS = "dead_margin_seconds"
    FEE_CAP_PERCENT = "fee_cap_percent"


FIGURES: dict[Figure, int] = {
    Figure.WITHDRAWAL_LEAST_MICROS: 20_000_000,  # 1.4, 2.3.2: gross
    Figure.WITHDRAWAL_FEE_MICROS: 5_000_000,  # 1.4, 2.3.2: inside the gross
    Figure.NETWORK_COST_FREE_MICROS: 5_000_000,  # 2.3.3: beyond this the network's cost is the customer's
    Figure.CONSENT_DAYS: 7,  # 2.3.3: unconfirmed or without consent for so long, and it is closed and released
    Figure.TWO_APPROVALS_FROM_MICROS: 200_000_000,  # 2.3.5: two different members of staff
    Figure.EMAIL_CHANGE_DAYS: 7,  # 2.3.6: waits so long after a change of the e-mail address
    Figure.WITHDRAWAL_BUSINESS_DAYS: 7,  # 1.4, 2.3.9
    Figure.ADDRESS_CHARACTERS_TYPED: 6,  # 2.3.4: the last ones, typed at confirmation
    Figure.FEE_FREE_DAYS: 7,  # 2.2.8: paid in twice, and one withdrawn within this time: without the fee
    Figure.BUMP_AFTER_SECONDS: 60 * 60,  # unmined for so long, a payout may be sent again with a higher fee
    Figure.BUMP_MOST: 5,  # transactions of one payout, the first included
    Figure.TRON_EXPIRY_SECONDS: 12
    * 60
    * 60,  # time to sign a TRON transaction offline; the chain allows 24 hours
    Figure.FEE_CAP_PERCENT: 200,  # a payout and its replacements cost at most so much of what is free and agreed to
    Figure.DEAD_MARGIN_SECONDS: 10
    * 60,  # so long after its expiry, in solid blocks, a TRON transaction is dead
}


@dataclass(frozen=True)
class Rule:
    """What `event` does in `state`: go `to` with a `movement`. `why` is for the reader and the documents."""

    event: Event
    state: State
    to: State
    movement: Movement | None
    why: str


def _go(
    event: Event, states: tuple[State, ...], to: State, why: str, movement: Movement | None = None
) -> list[Rule]:
    return [Rule(event, state, to, movement, why) for state in states]


_S, _E, _M = State, Event, Movement
_BEFORE_SIGNING = (_S.CONFIRMED, _S.APPROVED)
# Every (state, event) pair that is not here is refused: nothing goes backwards (FAILURES W02, W03).
RULES: tuple[Rule, ...] = (
    *_go(_E.CONFIRM, (_S.REQUESTED,), _S.CONFIRMED, "You confirmed it: the amount is set aside.", _M.RESERVE),
    *_go(_E.APPROVE, (_S.CONFIRMED,), _S.APPROVED, "Approved by as many members of staff as it takes."),
    *_go(
        _E.SIGN, (_S.APPROVED,), _S.SIGNED, "The transaction is signed and kept; it cannot be cancelled now."
    ),
    *_go(_E.BROADCAST, (_S.SIGNED,), _S.BROADCAST, "The transaction was given to the network."),
    *_go(_E.PAY, (_S.SIGNED, _S.BROADCAST), _S.PAID, "The network confirmed the payment.", _M.PAY),
    *_go(_E.REJECT, (_S.REQUESTED,), _S.REJECTED, "It was declined, with a reason."),
    *_go(
        _E.REJECT,
        _BEFORE_SIGNING,
        _S.REJECTED,
        "It was declined; the amount is back in the balance.",
        _M.RETURN,
    ),
    *_go(_E.CANCEL, (_S.REQUESTED,), _S.CANCELLED, "You cancelled it."),
    *_go(
        _E.CANCEL,
        _BEFORE_SIGNING,
        _S.CANCELLED,
        "You cancelled it; the amount is back in the balance.",
        _M.RETURN,
    ),
    *_go(_E.LAPSE, (_S.REQUESTED,), _S.CANCELLED, "It was not confirmed in time."),
    *_go(
        _E.LAPSE,
        _BEFORE_SIGNING,
        _S.CANCELLED,
        "The network's cost was not agreed to in time.",
        _M.RETURN,
    ),
    *_go(
        _E.RETURN,
        (_S.SIGNED, _S.BROADCAST),
        _S.RETURNED,
        "It can be proven that the transaction will never pay; the amount is back in the balance.",
        _M.RETURN,
    ),
)
BY_PAIR: dict[tuple[Event, State], Rule] = {(rule.event, rule.state): rule for rule in RULES}
EDGES: frozenset[tuple[State, State]] = frozenset((rule.state, rule.to) for rule in RULES)
PAYOUT_EDGES: frozenset[tuple[PayoutState, PayoutState]] = frozenset(
    {
        (PayoutState.HANDED, PayoutState.SIGNED),
        (PayoutState.HANDED, PayoutState.DEAD),
        (PayoutState.SIGNED, PayoutState.SENT),
        (PayoutState.SIGNED, PayoutState.DEAD),
        (PayoutState.SIGNED, PayoutState.CONFIRMED),
        (PayoutState.SENT, PayoutState.CONFIRMED),
        (PayoutState.SENT, PayoutState.DEAD),
    }
)
