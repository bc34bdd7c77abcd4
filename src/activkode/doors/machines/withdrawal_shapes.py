"""What goes out and comes in over REST about withdrawals, as types (see shapes.py)."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from activkode.doors.machines.shapes import Coins, Count, Dollars, Time
from activkode.funding.policy import Asset
from activkode.withdrawals.policy import State

WITHDRAWAL_ID = r"^wdr_[1-9][0-9]{0,17}$"
WithdrawalId = Annotated[str, Meta(pattern=WITHDRAWAL_ID, examples=["wdr_100001"])]
_Amount = Annotated[
    str,
    Meta(
        pattern=r"^([0-9]{1,12}(\.[0-9]{1,6})?|all)$",
        description="Dollars, the fee included; `all` is the whole cash balance.",
        examples=["20.00", "all"],
    ),
]


class WithdrawalsQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """Which withdrawals, newest first."""

    state: State | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: (
        Annotated[str, Meta(pattern=WITHDRAWAL_ID, description="`next_cursor` of the part before.")]
        | UnsetType
    ) = UNSET


class WithdrawalWanted(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What is to be paid out, and where to. It is confirmed by the signed-in person, not by a program."""

    asset: Asset
    address: Annotated[str, Meta(min_length=1, max_length=200)]
    amount: _Amount


class WithdrawalCan(Struct, frozen=True):
    """What can be done now: cancel by call; confirm, and agree to a network cost, on the page."""

    cancel: bool
    confirm: bool
    agree: bool


class Approvals(Struct, frozen=True):
    """How many different members of staff have approved it, of how many."""

    given: Count
    wanted: Count


class Payment(Struct, frozen=True):
    """The payout: `amount` in coins by `rate`; `transaction` once it is signed, `confirmations` as last seen."""

    amount: Coins
    rate: Annotated[str, Meta(description="Dollars for one coin.")]
    transaction: str | None
    confirmations: Count
    sent_at: Time | None


class Withdrawal(Struct, frozen=True):
    """A withdrawal. `amount` is what leaves the balance, `fee` and `network` (the network's cost beyond the fee, as agreed)
    are inside it, `pays` is what remains. `network_quote` is the cost that was shown last; `agree_by` until when it can be
    agreed to. `waits_until`: a change of the e-mail address holds it. `paused_at`: the clock stands while you are asked."""

    id: WithdrawalId
    asset: Asset
    network_name: str
    address: str
    amount: Dollars
    fee: Dollars
    network: Dollars
    pays: Dollars
    state: State
    requested_at: Time
    confirm_by: Time | None
    confirmed_at: Time | None
    due_at: Time | None
    first_due_at: Time | None
    paused_at: Time | None
    network_quote: Dollars | None
    agree_by: Time | None
    waits_until: Time | None
    suspended: bool
    approvals: Approvals
    approved_at: Time | None
    signed_at: Time | None
    broadcast_at: Time | None
    closed_at: Time | None
    reason: str | None
    payment: Payment | None
    can: WithdrawalCan
    confirm_url: str
    policy_version: int
