"""The books in other forms say the same: bean-check accepts them and their balances equal the wallets."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from beancount import loader
from beancount.core import convert, realization
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import cast
from activkode.activations import operations
from activkode.activations.operations import Rent
from activkode.activations.policy import Event
from activkode.core.errors import Refusal
from activkode.core.money import decimal
from activkode.ledger import export, read

pytestmark = pytest.mark.django_db


def _lead_a_life(customer: int, deeds: list[int]) -> None:
    open_ones: list[int] = []
    for deed in deeds:
        try:
            if deed < 3:
                open_ones.append(
                    operations.open(customer, Rent("plain" if deed else "shop", kind="email")).activation.id
                )
            elif open_ones:
                operations.apply(customer, open_ones.pop(), Event.CANCEL if deed == 3 else Event.FAIL)
        except Refusal:
            continue


def _loaded(text: str, tmp_path: Path) -> realization.RealAccount:
    path = tmp_path / "books.beancount"
    path.write_text(text)
    entries, errors, _ = loader.load_file(str(path))
    assert not errors, errors
    return realization.realize(entries)


def _amount(root: realization.RealAccount, account: str) -> Decimal:
    found = realization.get(root, account)
    return (
        found.balance.reduce(convert.get_units).get_currency_units("USD").number
        if found is not None
        else Decimal(0)
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(st.integers(0, 4), max_size=25))
def test_beancount_balances_equal_the_wallet(deeds: list[int], tmp_path: Path) -> None:
    from django.db import transaction

    with transaction.atomic():
        cast.shelf([])
        alice = cast.person("alice")
        cast.fund(alice, "5.00")
        cast.fund(alice, "1.25", promo=True)
        _lead_a_life(alice.id, deeds)
        root = _loaded("".join(export.export("beancount")), tmp_path)
        balance = read.balance(alice.id)
        for name in read.ACCOUNTS:
            account = f"Liabilities:Customers:C{alice.id}:{name.capitalize()}"
            assert _amount(root, account) == -decimal(getattr(balance, name))
        transaction.set_rollback(True)


def test_a_statement_adds_up_in_every_form(tmp_path: Path) -> None:
    cast.shelf([])
    alice = cast.person("alice")
    cast.fund(alice, "5.00")
    _lead_a_life(alice.id, [0, 1, 3, 2])
    statement = read.statement(alice.id)
    lines = list(csv.DictReader(io.StringIO(export.csv(statement))))
    assert lines[-1]["cash_after"] == export.json(statement)["closing"]["cash"]
    assert statement.closing.total == read.balance(alice.id).total
    _loaded(export.beancount(statement, alice.id), tmp_path)


def test_a_statement_of_a_period_opens_where_the_one_before_closed(tmp_path: Path) -> None:
    cast.shelf([])
    alice = cast.person("alice")
    cast.fund(alice, "5.00")
    _lead_a_life(alice.id, [0, 1, 3])
    middle = read.statement(alice.id).lines[2].at
    first, second = read.statement(alice.id, None, middle), read.statement(alice.id, middle, None)
    assert second.opening == first.closing
    assert len(first.lines) + len(second.lines) == len(read.statement(alice.id).lines)
    _loaded(export.beancount(second, alice.id), tmp_path)
