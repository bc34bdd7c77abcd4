"""200 random histories of payments: after each step the invariants hold, and when all is calm again every payment has the
end that its chain gave it. A failing seed is in the test's name.
"""

import pytest

import books
import cast
from activkode.core import sql
from activkode.funding.policy import FIGURES, Figure
from activkode.ledger import read as ledger
from funding.history import History

SEEDS = range(200)
STEPS = 14


@pytest.mark.django_db
@pytest.mark.parametrize("seed", SEEDS)
def test_a_random_history_keeps_every_invariant(seed: int) -> None:
    cast.shelf()
    history = History(seed, [cast.person("alice"), cast.person("bob")])
    for _ in range(STEPS):
        history.step()
        assert books.findings() == [], (seed, history.log)

    history.calm_down()

    assert books.findings() == [], (seed, history.log)
    for tx, one in history.sent.items():
        row = sql.one(
            "select state, reason, reversed_at is not null, note from funding_deposit where tx = %s", (tx,)
        )
        assert row is None or row[0] in _possible(history.on_chain(tx), one.reason is not None, *row[1:]), (
            tx,
            row,
            history.log,
        )
        assert row is not None or not history.on_chain(tx), (tx, history.log)
    _small_ones_are_below_a_dollar()
    _each_dollar_is_explained(history)


def _possible(
    on_chain: bool, is_strange: bool, reason: str | None, was_reversed: bool, note: str
) -> set[str]:
    """States that a payment may end in."""
    if is_strange:
        return {"under_case", "ignored"}
    if reason in ("beyond_limit", "closed"):
        return {"under_case", "ignored"}
    if on_chain and was_reversed:
        return {"credited", "under_case", "reversed"} if note else {"credited", "under_case"}
    if on_chain:
        return {"credited", "accumulating"}
    return {"seen", "orphaned", "replaced", "reversed", "under_case"}


def _small_ones_are_below_a_dollar() -> None:
    sums = sql.rows(
        "select d.customer_id, d.asset, sum(fn.deposit_value(d.amount, r.rate, a.decimals)) from funding_deposit d"
        " join funding_asset a on a.name = d.asset join funding_rate r on r.asset = d.asset"
        " where d.state = 'accumulating' group by 1, 2"
    )
    assert all(total < FIGURES[Figure.TOPUP_LEAST_MICROS] for _, _, total in sums)


def _each_dollar_is_explained(history: History) -> None:
    for user in history.people:
        kept = sql.value(
            "select coalesce(sum(credited_micros - reversed_micros + restored_micros), 0) from funding_deposit"
            " where customer_id = %s and state = 'credited'",
            (user.id,),
        )
        short = sql.value(
            "select coalesce(sum(credited_micros - reversed_micros + restored_micros), 0) from funding_deposit"
            " where customer_id = %s and state <> 'credited' and credited_micros is not null",
            (user.id,),
        )
        assert ledger.balance(user.id).total == kept + short, (history.seed, history.log)
