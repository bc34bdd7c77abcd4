"""An activation as its customer watches it: the code comes, or the money does."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

import cast
from activkode.activations import operations, read
from activkode.activations.policy import Event
from activkode.activations.read import Activation
from activkode.core import sql
from activkode.identity.models import User
from activkode.ledger import read as books

pytestmark = pytest.mark.django_db

Send = Callable[[Activation, str], str]


def test_the_page_shows_number_price_and_what_a_refund_would_be(at: Client, rented: Activation) -> None:
    page = at.get(reverse("activation", args=[rented.id])).content.decode()

    assert f'data-copy="+{rented.address}"' in page
    assert "Cancel" in page and "$2.00 back" in page
    assert "refund.expired" in page


def test_the_live_part_is_silent_until_something_changes(at: Client, rented: Activation) -> None:
    live = reverse("activation_live", args=[rented.id])

    assert at.get(live, {"after": rented.revision}).status_code == 204
    assert at.get(live, {"after": "0"}).status_code == 200


def test_the_live_part_brings_the_code(at: Client, rented: Activation, send: Send) -> None:
    send(rented, "Your Shop code is 481920")

    answer = at.get(reverse("activation_live", args=[rented.id]), {"after": rented.revision})

    assert "481920" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"


def test_cancel_refunds_at_once_and_says_amount_clause_and_time(
    at: Client, alice: User, rented: Activation
) -> None:
    page = at.post(reverse("activation_cancel", args=[rented.id]), follow=True).content.decode()

    assert books.balance(alice.id).cash == 10_000_000
    refunded = read.get(alice.id, rented.id).refunded_at
    assert refunded and refunded[:-1] in page
    assert "$2.00" in page and "refund.cancelled" in page


def test_cancelling_twice_refunds_once(at: Client, alice: User, rented: Activation) -> None:
    for _ in range(2):
        at.post(reverse("activation_cancel", args=[rented.id]))

    assert books.balance(alice.id).total == 10_000_000


def test_a_cancel_after_the_code_tells_the_truth(at: Client, rented: Activation, send: Send) -> None:
    send(rented, "Your Shop code is 481920")

    page = at.post(reverse("activation_cancel", args=[rented.id]), follow=True).content.decode()

    assert "A code arrived at" in page and "481920" in page


def test_a_lock_is_told_with_its_end(at: Client, alice: User) -> None:
    one = operations.open(alice.id, operations.Rent("locked", "GB")).activation

    page = at.post(reverse("activation_cancel", args=[one.id]), follow=True).content.decode()

    assert "can be cancelled from" in page
    assert books.balance(alice.id).held == 1_000_000


def test_a_hidden_message_is_announced_but_not_shown(at: Client, rented: Activation, send: Send) -> None:
    send(rented, "Welcome to the shop, dear customer")

    page = at.get(reverse("activation", args=[rented.id])).content.decode()

    assert "dear customer" not in page
    assert "Show the message" in page and "Cancel" in page


def test_revealing_shows_the_text_and_pays(at: Client, alice: User, rented: Activation, send: Send) -> None:
    send(rented, "Welcome to the shop, dear customer")

    page = at.post(reverse("activation_reveal", args=[rented.id]), follow=True).content.decode()

    assert "dear customer" in page
    assert books.balance(alice.id).held == 0 and books.balance(alice.id).cash == 8_000_000


def test_done_finishes_early(at: Client, alice: User, rented: Activation, send: Send) -> None:
    send(rented, "Your Shop code is 481920")

    at.post(reverse("activation_complete", args=[rented.id]))

    assert read.get(alice.id, rented.id).state == "completed"


def test_an_expiry_is_shown_with_its_refund(at: Client, alice: User, rented: Activation) -> None:
    sql.execute("select set_config('activkode_test.shift', '21 minutes', true)")
    operations.expire_due(10)

    page = at.get(reverse("activation", args=[rented.id])).content.decode()

    assert "Expired, refunded" in page and "$2.00" in page and "refund.expired" in page


def test_a_sender_cannot_write_html_into_the_page(at: Client, rented: Activation, send: Send) -> None:
    send(rented, "code 481920 <script>alert(1)</script><img src=x onerror=alert(1)>")

    page = at.get(reverse("activation", args=[rented.id])).content.decode()

    assert "<script>alert" not in page and "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_history_is_filtered_by_what_became_of_it(at: Client, alice: User, rented: Activation) -> None:
    operations.apply(alice.id, rented.id, Event.CANCEL)
    waiting = operations.open(alice.id, operations.Rent("rival", "GB")).activation

    def listed(**query: str) -> set[int]:
        page = at.get(reverse("activations"), query).content.decode()
        return {one.id for one in (rented, waiting) if f"act_{one.id}/" in page}

    assert listed() == {rented.id, waiting.id}
    assert listed(show="open") == {waiting.id}
    assert listed(show="refunded") == {rented.id}
    assert listed(show="code") == set()
    assert listed(service="rival") == {waiting.id}


def test_the_history_turns_pages_without_gap_or_repeat(at: Client, alice: User) -> None:
    cast.fund(alice, "100.00")
    made = [operations.open(alice.id, operations.Rent("shop", kind="email")).activation.id for _ in range(30)]

    first = at.get(reverse("activations"))
    second = at.get(f"{reverse('activations')}?{first.context['older']}")

    listed = [item.one.id for page in (first, second) for item in page.context["found"]]
    assert listed == sorted(made, reverse=True)


def test_open_activations_are_live_on_the_overview(at: Client, rented: Activation, send: Send) -> None:
    mark = at.get(reverse("overview")).context["mark"]
    live = reverse("overview_live")

    assert at.get(live, {"after": mark}).status_code == 204
    send(rented, "Your Shop code is 481920")
    assert "481920" in at.get(live, {"after": mark}).content.decode()
