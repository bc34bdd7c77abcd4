"""Random histories of withdrawals over a real database: the invariants hold after each step, and what left the books is what
the chain carried out. A failing seed is in the test's name.
"""

import os

import pytest

import books
from activkode.core import sql
from withdrawals.history import History

SEEDS = range(400 if os.environ.get("ACTIVKODE_LONG") else 25)
STEPS = 60


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_history_of_withdrawals_keeps_every_invariant(seed: int) -> None:
    history = History(seed)
    for number in range(STEPS):
        history.step()
        if number % 6 == 0:
            assert books.findings() == [], (seed, history.log)
    history.payer.away = False
    history.step()
    assert books.findings() == [], (seed, history.log)
    booked = sql.value(
        "select coalesce(sum(p.amount), 0)::text from withdrawals_payout p join withdrawals_withdrawal x"
        " on x.customer_id = p.customer_id and x.id = p.withdrawal_id where p.state = 'confirmed' and x.state = 'paid'"
    )
    assert int(booked) <= history.paid_by_chain(), (seed, history.log)
    # What the chain carried out is paid, or still waits to be looked at: never given back.
    given_back = sql.rows(
        "select x.id from withdrawals_withdrawal x join withdrawals_payout p on p.customer_id = x.customer_id and p.withdrawal_id = x.id"
        " join withdrawals_transaction t on t.customer_id = p.customer_id and t.payout_id = p.id and t.kind = 'pay'"
        " where x.state in ('rejected', 'cancelled', 'returned') and t.tx = any (%s)",
        ([tx for tx in history.payer.mined if tx not in history.payer.failed],),
    )
    assert given_back == [], (seed, history.log)
