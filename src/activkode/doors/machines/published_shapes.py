"""What everybody may read, as types: the policy and the promises as measured (see shapes.py)."""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType, field

from activkode.activations.policy import State
from activkode.doors.machines.shapes import Count, Time


class Clause(Struct, frozen=True):
    """One line of the promise."""

    name: str
    situation: str
    route: str
    within: str


class Rule(Struct, frozen=True):
    """What an event does in a state: the next state, the movement and the clause, or the refusal."""

    event: str
    state: State
    to: State | None
    movement: str | None
    clause: str | None
    refusal: str | None
    why: str


class Policy(Struct, frozen=True):
    """The policy as the service itself decides by it."""

    version: Count
    clauses: list[Clause]
    figures: dict[str, int]
    rules: list[Rule]
    topups: Annotated[
        dict[str, Any], Meta(description="Assets, chains, figures and rules of what is paid in.")
    ]
    withdrawals: Annotated[dict[str, Any], Meta(description="Figures and rules of what is paid out.")] = {}
    cases: Annotated[
        dict[str, Any],
        Meta(description="What a person can be asked to look into, until when, and what follows."),
    ] = {}


class RefundDelay(Struct, frozen=True):
    """Seconds from the end of a window to the credit, over so many days, beside the promise."""

    p50: float | None
    p99: float | None
    max: float | None
    promise: float | None
    days: Count
    refunds: Count


class Kept(Struct, frozen=True):
    """Promises that fell due over 30 days, and how many were kept. Where a person keeps them by a date also: the same over
    90 days, what is open, and what of that is late."""

    due: Count
    kept: Count
    due_90_days: Count | UnsetType = UNSET
    kept_90_days: Count | UnsetType = UNSET
    open: Count | UnsetType = UNSET
    overdue: Count | UnsetType = UNSET


class Outage(Struct, frozen=True):
    """A time in which nothing ran."""

    from_: Time = field(name="from")
    to: Time


class Source(Struct, frozen=True):
    """Whether a part of the service was seen lately."""

    name: str
    healthy: bool
    seen_at: Time


class Status(Struct, frozen=True):
    """Promises as measured."""

    refund_delay_seconds: RefundDelay
    deadlines: dict[str, Kept]
    outages: list[Outage]
    sources: list[Source]
    computed_at: Time | None
    now: Time
