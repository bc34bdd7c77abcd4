"""The first page after sign-in: the balance, what is open, what was last; and the account's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activkode.activations import read
from activkode.activations.policy import CLOSED, OPEN
from activkode.activations.read import Activation
from activkode.doors.people.cases import shown as cases
from activkode.doors.people.dashboard.shown import all_shown
from activkode.doors.people.live import answer
from activkode.doors.people.payments import shown as payments
from activkode.doors.people.receipts import shown as topups
from activkode.doors.people.visitor import user_id
from activkode.funding import read as funding
from activkode.identity import read as identity
from activkode.ledger import read as ledger
from activkode.support import read as support
from activkode.support.policy import State as CaseState
from activkode.withdrawals import read as withdrawals

_RECENT = 5
_OPEN_SHOWN = 20


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Balance, open activations, top-ups under way, the latest closed activations."""
    customer = user_id(request)
    found, coming = _asked(customer)
    waits = _waits(customer)
    recent = read.page(customer, states=list(CLOSED), limit=_RECENT)
    context = (
        _open(customer, found, coming) | waits | {"mark": _mark(found, coming), "recent": all_shown(recent)}
    )
    return render(request, "dashboard/overview.html", context)


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The open activations and the top-ups under way again, where one of them changed."""
    customer = user_id(request)
    found, coming = _asked(customer)
    mark = _mark(found, coming)
    return answer(request, mark, "dashboard/overview_live.html", lambda: _open(customer, found, coming))


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Where e-mail address, password, second factor, sessions and keys are kept."""
    return render(request, "dashboard/account.html", {"account": identity.account(user_id(request))})


def _waits(customer: int) -> dict[str, object]:
    """What is on the way out, and the cases in which the customer is asked something."""
    leaving = withdrawals.open_one(customer)
    return {
        "leaving": payments.shown(leaving) if leaving else None,
        "asking": cases.all_shown(support.cases(customer, states=[CaseState.WAITING_CUSTOMER])),
    }


def _asked(customer: int) -> tuple[list[Activation], list[topups.Shown]]:
    found = read.page(customer, states=list(OPEN), limit=_OPEN_SHOWN)
    coming = funding.topups(customer, states=topups.UNDER_WAY, limit=_OPEN_SHOWN)
    return found, topups.all_shown(coming)


def _open(customer: int, found: list[Activation], coming: list[topups.Shown]) -> dict[str, object]:
    return {
        "open": all_shown(found),
        "coming": coming,
        "wallet": ledger.balance(customer),
        # Who was given an address may have paid a moment ago.
        "may_come": bool(funding.addresses_of(customer)),
    }


def _mark(found: list[Activation], coming: list[topups.Shown]) -> str:
    open_ones = "-".join(f"{one.id}.{one.revision}" for one in found) or "none"
    return f"{open_ones}-{topups.mark(coming)}" if coming else open_ones
