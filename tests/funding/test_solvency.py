"""What the house owes beside what it was paid, and beside what lies on the watched addresses."""

import pytest

import cast
from activkode.core import sql
from activkode.core.money import micros
from activkode.funding import solvency
from activkode.funding.policy import Asset
from activkode.funding.solvency import Holding
from funding.lives import BTC, live

pytestmark = pytest.mark.django_db


def _of(asset: Asset) -> Holding:
    return next(one for one in solvency.report().holdings if one.asset == asset)


def _lies(chain: str, token: str, balance: int) -> None:
    sql.execute("set local role activkode")  # the application itself may write this only by a function
    sql.execute(
        "insert into funding_holding (chain, address, token, customer_id, balance, outgoing, height, looked_at)"
        " values (%s, 'a', %s, 1, %s, 7, 10, fn.now())",
        (chain, token, balance),
    )
    sql.execute("set local role activkode_app")


def test_without_a_payment_nothing_came_and_nothing_is_known() -> None:
    report = solvency.report()

    assert [one.asset for one in report.holdings] == sorted(Asset)
    assert {(one.clearing_micros, one.credited, one.balance) for one in report.holdings} == {(0, 0, None)}
    assert (report.owed_micros, report.clearing_micros, report.balance_micros) == (0, 0, None)


@pytest.mark.parametrize(
    ("name", "clearing", "credited", "waiting"),
    [
        ("confirming", "0", 0, BTC // 100),
        ("credited", "640.00", BTC // 100, 0),
        ("reversed", "0", 0, 0),
        ("under_case: shortfall", "2.00", 0, 0),
        ("reversed: written off", "0", 0, 0),
        ("credited: restored", "640.00", BTC // 100, 0),
    ],
)
def test_a_coin_is_counted_as_long_as_its_credit_is_in_force(
    name: str, clearing: str, credited: int, waiting: int
) -> None:
    live(cast.person("bob"), name)

    one = _of(Asset.BTC)

    assert (one.clearing_micros, one.credited, one.waiting) == (micros(clearing), credited, waiting)
    assert _of(Asset.ETH).clearing_micros == 0


def test_promotional_credit_is_not_owed_in_money() -> None:
    bob = cast.person("bob")
    cast.fund(bob, "3.00")
    cast.fund(bob, "4.00", promo=True)

    report = solvency.report()

    assert (report.owed_micros, report.promo_micros) == (micros("3.00"), micros("4.00"))


def test_what_lies_on_watched_addresses_is_told_in_coins_and_dollars() -> None:
    live(cast.person("bob"), "credited")
    _lies("bitcoin", "", BTC // 50)
    _lies("tron", Asset.USDT_TRC20, 5_000_000)
    _lies("tron", "", 99)

    one, usdt = _of(Asset.BTC), _of(Asset.USDT_TRC20)

    assert (one.balance, one.outgoing, one.balance_micros) == (BTC // 50, 7, micros("1280.00"))
    assert (usdt.balance, usdt.balance_micros) == (5_000_000, None)  # there is no rate yet
    assert one.looked_at is not None and solvency.report().balance_micros is None
