"""What goes out and comes in over REST about cases, as types (see shapes.py)."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from activkode.doors.machines.shapes import Count, Dollars, Id, Time
from activkode.doors.machines.withdrawal_shapes import WithdrawalId
from activkode.support.policy import FIGURES, Figure, Kind, Outcome, State

CASE_ID = r"^case_[1-9][0-9]{0,17}$"
CaseId = Annotated[str, Meta(pattern=CASE_ID, examples=["case_100001"])]
_Text = Annotated[str, Meta(min_length=1, max_length=FIGURES[Figure.CASE_TEXT_MOST])]


class CasesQuery(Struct, forbid_unknown_fields=True, frozen=True):
    """Which cases, newest first."""

    state: State | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=200)] = 50
    cursor: (
        Annotated[str, Meta(pattern=CASE_ID, description="`next_cursor` of the part before.")] | UnsetType
    ) = UNSET


class CaseWanted(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What a person is to look into: `activation` is an id, `transaction` the id of a top-up (dep_) or of a withdrawal
    (wdr_)."""

    kind: Kind
    description: _Text
    activation: Id | None = None
    transaction: Annotated[str, Meta(pattern=r"^(dep|wdr)_[1-9][0-9]{0,17}$")] | None = None


class CaseWords(Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """What is added to a case. On a decided case these are the new facts that reopen it, once."""

    text: _Text


class CaseMessage(Struct, frozen=True):
    """Something said in a case."""

    at: Time
    author: str
    event: str
    text: str


class CaseDecision(Struct, frozen=True):
    """A decision, with the clause that decided and what was credited."""

    number: Count
    at: Time
    due_at: Time
    outcome: Outcome
    clause: str
    reason: str
    credited: Dollars


class Case(Struct, frozen=True):
    """A case. `paused_at`: the clock stands while an answer of yours is waited for. `joined` (when it is opened): there was
    an open one about the same, and what you said was added to it."""

    id: CaseId
    kind: Kind
    state: State
    subject: str
    description: str
    activation: Id | None
    topup: str | None
    withdrawal: WithdrawalId | None
    received_at: Time
    due_at: Time
    first_due_at: Time
    paused_at: Time | None
    closed_at: Time | None
    messages: list[CaseMessage]
    decisions: list[CaseDecision]
    can_reopen: bool
    policy_version: int
    joined: bool | UnsetType = UNSET
