"""Random histories of cases: after each step every invariant holds, and at the end each credit rests on a decision."""

import os

import pytest

import cast
from activkode.core import sql
from activkode.ledger import audit
from support.history import History

SEEDS = range(200 if os.environ.get("ACTIVKODE_LONG") else 25)
STEPS = 30


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_history_keeps_every_invariant(seed: int) -> None:
    cast.shelf()
    history = History(seed)
    for _ in range(STEPS):
        history.step()
        assert audit.run() == [], (seed, history.log)

    _each_credit_rests_on_a_decision(history)
    assert (
        sql.value("select count(*) from ledger_wallet where least(cash, promo, held, withdrawing) < 0") == 0
    )
    assert sql.value("select count(*) from support_decision where number > 2") == 0
    own = "select count(*) from support_decision where actor_id in (customer_id, taken_from)"
    assert sql.value(own) == 0


def _each_credit_rests_on_a_decision(history: History) -> None:
    moved = sql.value(
        "select coalesce(sum(amount_micros) filter (where movement = 'case_credit'), 0)"
        " - coalesce(sum(amount_micros) filter (where movement = 'case_taken_back'), 0) from ledger_transfer"
    )
    decided = sql.value(
        "select coalesce(sum(amount_micros - taken_micros), 0) from support_decision where outcome = 'granted'"
    )
    assert moved == decided, (history.seed, history.log)
