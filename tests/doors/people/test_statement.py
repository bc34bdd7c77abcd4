"""The statement adds up on the page and in each file."""

import csv
import io
import json

import pytest
from django.test import Client
from django.urls import reverse

import cast
from activkode.activations import operations
from activkode.activations.policy import Event
from activkode.activations.read import Activation
from activkode.core.money import micros
from activkode.identity.models import User
from activkode.ledger import read as books

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(alice: User, rented: Activation) -> User:
    """Alice after a cancelled and an open rental, with two purses."""
    operations.apply(alice.id, rented.id, Event.CANCEL)
    cast.fund(alice, "0.75", promo=True)
    operations.open(alice.id, operations.Rent("shop", "GB"))
    return alice


def test_opening_plus_movements_is_closing_in_each_account(at: Client, busy: User) -> None:
    page = at.get(reverse("statement"))
    statement, lines = page.context["statement"], page.context["lines"]

    for account in ("cash", "promo", "held"):
        moved = sum(getattr(line, account) for line in lines)
        assert getattr(statement.opening, account) + moved == getattr(statement.closing, account)
    assert statement.closing.total == books.balance(busy.id).total


def test_a_day_without_movements_opens_and_closes_alike(at: Client, busy: User) -> None:
    page = at.get(reverse("statement"), {"start": "2020-01-01", "end": "2020-01-31"})

    assert "Nothing moved in these days." in page.content.decode()
    assert page.context["statement"].opening == page.context["statement"].closing


@pytest.mark.parametrize(
    "query",
    [
        {"start": "x"},
        {"start": "2020-02-30"},
        {"end": "9999-12-31"},
        {"start": "0001-01-01"},
        {"start": "2999-01-01"},
    ],
)
def test_a_period_that_makes_no_sense_is_no_fault(at: Client, query: dict[str, str]) -> None:
    assert at.get(reverse("statement"), query).status_code == 200


def test_the_csv_file_ends_with_the_balance(at: Client, busy: User) -> None:
    answer = at.get(reverse("statement_file", args=["csv"]))
    lines = list(csv.DictReader(io.StringIO(answer.content.decode())))

    assert "attachment" in answer["Content-Disposition"]
    assert micros(lines[-1]["cash_after"]) == books.balance(busy.id).cash


def test_the_json_file_adds_up(at: Client, busy: User) -> None:
    data = json.loads(at.get(reverse("statement_file", args=["json"])).content)

    assert micros(data["closing"]["total"]) == books.balance(busy.id).total
    assert len(data["movements"]) == len(books.statement(busy.id).lines)


def test_the_beancount_file_names_the_movements(at: Client, busy: User) -> None:
    text = at.get(reverse("statement_file", args=["beancount"])).content.decode()

    assert '"hold"' in text and "balance Liabilities:Customers" in text


def test_there_is_no_other_form(at: Client) -> None:
    assert at.get(reverse("statement_file", args=["exe"])).status_code == 404
