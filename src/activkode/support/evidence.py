"""Gathers what the records show about a case, and proposes a decision with its clause by the rows of proposals.py.
A person decides (POLICY 2.4.4); must never write, and never gives what a message said.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from activkode.core import sql
from activkode.funding import policy as funding
from activkode.support import read
from activkode.support.policy import FIGURES, Figure
from activkode.support.proposals import CLAIM_KINDS, CLAIM_WORDS, OUR_FAULTS, PROPOSALS, Fact, Proposal

_RECORDS = {path.stem: path.read_text() for path in (Path(__file__).parent / "records").glob("*.sql")}


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. `source` is where it is recorded: state, message, money, number, chain, rate, approval,
    payout, outage; `detail` holds plain values, amounts in micro-dollars."""

    at: datetime
    source: str
    what: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the records show, in order, and what follows from it."""

    steps: tuple[Step, ...]
    facts: frozenset[Fact]
    proposal: Proposal


def of_case(case_id: int) -> Evidence:
    """Everything recorded about what the case is about, and the proposed decision. Raises Refusal(not_found), TryLater."""
    case = read.any_case(case_id)
    facts: set[Fact] = set(_claims(case))
    steps: list[Step] = []
    for name, number in (
        ("activation", case.activation_id),
        ("topup", case.deposit_id),
        ("withdrawal", case.withdrawal_id),
    ):
        if number is not None:
            facts |= _facts(name, case.customer_id, number, case.received_at)
            steps += _steps(name, case.customer_id, number)
    return Evidence(tuple(steps), frozenset(facts), propose(frozenset(facts)))


def our_fault(customer_id: int | None, activation_id: int | None) -> bool:
    """Whether the records themselves show an error of ours: such a dispute has no limit (POLICY 2.4.2). Raises TryLater."""
    if activation_id is None:
        return False
    return not _facts("activation", customer_id, activation_id, None).isdisjoint(OUR_FAULTS)


def propose(facts: frozenset[Fact]) -> Proposal:
    """The first proposal whose facts all hold. Pure."""
    return next(proposal for proposal in PROPOSALS if proposal.facts <= facts)


def _claims(case: read.Case) -> list[Fact]:
    said = f"{case.subject} {case.description}".lower()
    found = [fact for fact, words in CLAIM_WORDS.items() if any(word in said for word in words)]
    return [*found, CLAIM_KINDS[case.kind]] if case.kind in CLAIM_KINDS else found


def _facts(name: str, customer_id: int | None, number: int, received_at: datetime | None) -> set[Fact]:
    values = {
        "customer": customer_id,
        "id": number,
        "received_at": received_at,
        "lag_seconds": FIGURES[Figure.DISPLAY_LAG_SECONDS],
        "error_days": funding.FIGURES[funding.Figure.TOPUP_ERROR_DAYS],
    }
    found = sql.value(f"select to_json(v) from ({_RECORDS[f'{name}_facts']}) v", values)  # noqa: S608 - files of this package
    return {Fact(fact) for fact, holds in (found or {}).items() if holds}


def _steps(name: str, customer_id: int | None, number: int) -> list[Step]:
    query = f"select at, source, what, detail::json from ({_RECORDS[name]}) v"  # noqa: S608 - files of this package
    found = sql.rows(query, {"customer": customer_id, "id": number})
    return [Step(at, source, what, detail or {}) for at, source, what, detail in found]
