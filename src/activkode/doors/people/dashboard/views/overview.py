"""The first page after sign-in: the balance, what is open, what was last; and the account's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activkode.activations import read
from activkode.activations.policy import CLOSED, OPEN
from activkode.activations.read import Activation
from activkode.doors.people.dashboard.shown import all_shown
from activkode.doors.people.live import answer
from activkode.doors.people.visitor import user_id
from activkode.identity import read as identity
from activkode.ledger import read as ledger

_RECENT = 5
_OPEN_SHOWN = 20


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Balance, open activations, the latest closed ones."""
    customer = user_id(request)
    found = read.page(customer, states=list(OPEN), limit=_OPEN_SHOWN)
    recent = read.page(customer, states=list(CLOSED), limit=_RECENT)
    context = _open(customer, found) | {"mark": _mark(found), "recent": all_shown(recent)}
    return render(request, "dashboard/overview.html", context)


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The open activations again, where one of them changed."""
    customer = user_id(request)
    found = read.page(customer, states=list(OPEN), limit=_OPEN_SHOWN)
    return answer(request, _mark(found), "dashboard/overview_live.html", lambda: _open(customer, found))


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Where e-mail address, password, second factor, sessions and keys are kept."""
    return render(request, "dashboard/account.html", {"account": identity.account(user_id(request))})


def _open(customer: int, found: list[Activation]) -> dict[str, object]:
    return {"open": all_shown(found), "wallet": ledger.balance(customer)}


def _mark(found: list[Activation]) -> str:
    return "-".join(f"{one.id}.{one.revision}" for one in found) or "none"
