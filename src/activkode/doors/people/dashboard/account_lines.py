"""A statement's lines as a person adds them up: what each changed in each account. Must round nothing."""

from dataclasses import dataclass
from datetime import datetime

from activkode.ledger.read import Balance, Line, Statement


@dataclass(frozen=True, slots=True)
class Shown:
    """One movement with its change of each account, in micro-dollars, and the total after it."""

    at: datetime
    movement: str
    reference: str
    cash: int
    promo: int
    held: int
    withdrawing: int
    total_after: int


def lines(statement: Statement) -> list[Shown]:
    """Every line; opening plus all changes of an account is its closing."""
    before = statement.opening
    found = []
    for line in statement.lines:
        found.append(_shown(line, before))
        before = line.after
    return found


def _shown(line: Line, before: Balance) -> Shown:
    after = line.after
    return Shown(
        line.at,
        line.movement,
        line.reference,
        after.cash - before.cash,
        after.promo - before.promo,
        after.held - before.held,
        after.withdrawing - before.withdrawing,
        after.total,
    )
