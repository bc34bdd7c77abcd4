"""Which decision is proposed for what the records show, as data: facts, and rows of which the first that holds counts. It
decides nothing; a person does (POLICY 2.4.4, 2.4.5).
"""

from dataclasses import dataclass
from enum import StrEnum

from activkode.support.policy import Kind, Outcome


class Fact(StrEnum):
    """What the records, or the words of a claim, show; found by evidence.py, read by the proposals below."""

    STILL_OPEN = "still_open"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    FAILED = "failed"
    CREDITED_BY_CASE = "credited_by_case"
    FULFILLED = "fulfilled"
    SHOWN_LATE = "shown_late"
    TRUNCATED = "truncated"
    WRONG_RENTER = "wrong_renter"
    CAME_LATE = "came_late"
    OUTAGE = "outage"
    DELISTED = "delisted"
    BANNED = "banned"
    SUSPENDED = "suspended"
    SAYS_REJECTED = "says_rejected"
    SAYS_UNUSED = "says_unused"
    SAYS_CHANGED_MIND = "says_changed_mind"
    CLAIMS_DUPLICATE = "claims_duplicate"
    CLAIMS_WRONG_ACCOUNT = "claims_wrong_account"
    TOLD_LATE = "told_late"
    PAID_TWICE = "paid_twice"
    TOPUP_UNDER_CASE = "topup_under_case"
    TOPUP_SHORTFALL = "topup_shortfall"
    TOPUP_CREDITED = "topup_credited"
    TOPUP_WAITS = "topup_waits"
    TOPUP_GONE = "topup_gone"
    WITHDRAWAL_PAID = "withdrawal_paid"
    WITHDRAWAL_ENDED = "withdrawal_ended"
    WITHDRAWAL_FROZEN = "withdrawal_frozen"


# Each of these alone is an error of ours (2.4.5): a dispute about it has no limit (2.4.2).
OUR_FAULTS = (Fact.SHOWN_LATE, Fact.TRUNCATED, Fact.WRONG_RENTER)

# What a claim says, by its words; only a proposal hangs on them, and a person reads them.
CLAIM_WORDS: dict[Fact, tuple[str, ...]] = {
    Fact.SAYS_REJECTED: (
        "reject",
        "refused",
        "not accept",
        "invalid",
        "wrong code",
        "banned",
        "blocked",
        "did not work",
    ),
    Fact.SAYS_UNUSED: ("not use", "unused", "too late", "missed", "was away", "timed out", "expired before"),
    Fact.SAYS_CHANGED_MIND: ("changed my mind", "no longer need", "don't need", "do not need", "by mistake"),
}
CLAIM_KINDS: dict[Kind, Fact] = {
    Kind.DUPLICATE_TOPUP: Fact.CLAIMS_DUPLICATE,
    Kind.WRONG_ACCOUNT_TOPUP: Fact.CLAIMS_WRONG_ACCOUNT,
}


@dataclass(frozen=True)
class Proposal:
    """Where all of `facts` hold, and no proposal above it does: this outcome under this clause, and what a person reads
    beside it. `outcome` None: the records decide nothing, a person looks."""

    facts: frozenset[Fact]
    outcome: Outcome | None
    clause: str | None
    why: str


def _propose(facts: set[Fact], outcome: Outcome | None, clause: str | None, why: str) -> Proposal:
    return Proposal(frozenset(facts), outcome, clause, why)


_F, _O = Fact, Outcome
PROPOSALS: tuple[Proposal, ...] = (
    _propose(
        {_F.EXPIRED},
        _O.SETTLED,
        "refund.expired",
        "The window ended without a code and the full price is back already.",
    ),
    _propose(
        {_F.CANCELLED},
        _O.SETTLED,
        "refund.cancelled",
        "It was cancelled before a code came and the full price is back already.",
    ),
    _propose(
        {_F.FAILED},
        _O.SETTLED,
        "refund.our_fault",
        "No number came, or it broke, and the full price is back already.",
    ),
    _propose({_F.CREDITED_BY_CASE}, _O.SETTLED, "refund.our_fault", "An earlier case credited it already."),
    _propose(
        {_F.STILL_OPEN},
        None,
        None,
        "It is still running: a code, cancel or expiry decides it by itself. Look again then.",
    ),
    *(
        _propose({_F.FULFILLED, fault}, _O.GRANTED, "refund.our_fault", why)
        for fault, why in (
            (
                _F.WRONG_RENTER,
                "A message for this activation went to somebody else, or somebody else's came here.",
            ),
            (_F.TRUNCATED, "Part of the message is missing in what was shown."),
            (_F.SHOWN_LATE, "The code was shown much later than it came."),
        )
    ),
    _propose(
        {_F.FULFILLED, _F.SUSPENDED},
        _O.REFUSED,
        "keep.terms",
        "The account is suspended, and no error of ours is recorded.",
    ),
    _propose(
        {_F.FULFILLED, _F.OUTAGE}, _O.GRANTED, "refund.our_fault", "Our system was away during the window."
    ),
    _propose(
        {_F.FULFILLED, _F.DELISTED},
        _O.GRANTED,
        "refund.delisted",
        "The offer was taken off the list: too few codes came.",
    ),
    _propose(
        {_F.FULFILLED, _F.BANNED},
        _O.REFUSED,
        "keep.banned_service",
        "The service bans virtual numbers, which was acknowledged.",
    ),
    _propose(
        {_F.FULFILLED, _F.SAYS_REJECTED},
        _O.REFUSED,
        "keep.rejected",
        "The code was shown in time; the service refused it.",
    ),
    _propose(
        {_F.FULFILLED, _F.SAYS_UNUSED}, _O.REFUSED, "keep.unused", "The code was shown in time and not used."
    ),
    _propose({_F.FULFILLED}, _O.REFUSED, "keep.changed_mind", "The code was shown in time."),
    _propose(
        {_F.TOPUP_SHORTFALL},
        _O.SETTLED,
        "answer.given",
        "The chain took back what was spent: we bear the rest.",
    ),
    _propose({_F.TOPUP_UNDER_CASE}, None, None, "It was never credited by itself: accept it, or close it."),
    _propose(
        {_F.TOPUP_WAITS},
        _O.SETTLED,
        "answer.given",
        "It is on its way and counts by itself once it is deep enough and priced.",
    ),
    _propose({_F.TOPUP_GONE}, _O.REFUSED, "keep.no_error", "The chain holds no such payment to us."),
    _propose(
        {_F.TOPUP_CREDITED, _F.CLAIMS_WRONG_ACCOUNT},
        None,
        None,
        "Whose address it is stands above; a person says whose money.",
    ),
    _propose(
        {_F.TOPUP_CREDITED, _F.CLAIMS_DUPLICATE, _F.PAID_TWICE},
        _O.GRANTED,
        "pay.topup_error",
        "It was paid in twice, as two events of the chain: one may leave without the flat fee.",
    ),
    _propose(
        {_F.TOPUP_CREDITED, _F.CLAIMS_DUPLICATE},
        _O.REFUSED,
        "keep.credited_topup",
        "The chain's one event was credited once.",
    ),
    _propose(
        {_F.TOPUP_CREDITED, _F.TOLD_LATE},
        _O.REFUSED,
        "keep.topup_error_late",
        "It was told too late, and is in the balance.",
    ),
    _propose(
        {_F.TOPUP_CREDITED},
        _O.GRANTED,
        "pay.topup_error",
        "It was told in time: it may leave without the flat fee.",
    ),
    _propose(
        {_F.WITHDRAWAL_FROZEN},
        None,
        None,
        "The account is suspended: a person decides whether this withdrawal is paid.",
    ),
    _propose({_F.WITHDRAWAL_PAID}, _O.SETTLED, "answer.given", "The network confirmed the payment."),
    _propose(
        {_F.WITHDRAWAL_ENDED},
        _O.SETTLED,
        "answer.given",
        "It ended unpaid, and its amount is back in the balance.",
    ),
    _propose(set(), None, None, "The records decide nothing here."),
)
