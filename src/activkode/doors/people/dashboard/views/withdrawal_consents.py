"""What lets money leave: confirming a withdrawal, and agreeing to what the network takes of it. Both ask again who it is."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from activkode.core.errors import Refusal
from activkode.core.money import dollars
from activkode.doors.people import reauthentication
from activkode.doors.people.dashboard import forms
from activkode.doors.people.dashboard.views.withdrawals import WARNING
from activkode.doors.people.payments import words
from activkode.doors.people.payments.shown import Shown, shown
from activkode.doors.people.visitor import user_id
from activkode.funding import words as coins
from activkode.withdrawals import costs, operations, quotes, read
from activkode.withdrawals.policy import FIGURES
from activkode.withdrawals.read import Withdrawal

_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(_METHODS)
@reauthentication.demanded
def confirm(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """Network, amount, fee, the network's cost and the address, whose end is to be typed; then the amount is set aside
    (POLICY 2.3.4, 2.3.7)."""
    one = read.one(user_id(request), withdrawal_id)
    if not one.can_confirm:
        return redirect("withdrawal", withdrawal_id)
    form = forms.Confirm(request.POST or None, address=one.address)
    if request.method != "POST":
        return _ask(request, one)
    if not form.is_valid():
        return _ask(request, one, form)
    quote = form.quote_micros()
    done = f"Confirmed. ${dollars(one.gross_micros)} is set aside, and our staff looks at it."
    return _carry_out(request, one, lambda: operations.confirm(one.customer, one.id, quote), done)


@require_http_methods(_METHODS)
@reauthentication.demanded
def consent(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """The network takes more than was agreed to: to agree, or to cancel (POLICY 2.3.3)."""
    one = read.one(user_id(request), withdrawal_id)
    if not one.asks_consent:
        return redirect("withdrawal", withdrawal_id)
    form = forms.Quoted(request.POST)
    quote = form.quote_micros() if form.is_valid() else None
    if request.method != "POST" or quote is None:
        item = shown(one)
        arrives = one.gross_micros - one.fee_micros - item.extra_cost_micros
        return render(request, "dashboard/withdrawal_consent.html", _context(item) | {"arrives": arrives})
    done = "Agreed. Your withdrawal goes on."
    return _carry_out(request, one, lambda: operations.consent(one.customer, one.id, quote), done)


def _carry_out(request: HttpRequest, one: Withdrawal, act: Callable[[], str], done: str) -> HttpResponse:
    try:
        act()
    except Refusal as refusal:
        messages.error(request, words.told(refusal))
    else:
        request.session.pop(WARNING, None)
        messages.success(request, done)
    return redirect("withdrawal", one.id)


def _ask(request: HttpRequest, one: Withdrawal, wrong: forms.Confirm | None = None) -> HttpResponse:
    quote = quotes.now(one.asset, one.address, one.net_micros)
    cost = quote.cost_micros
    beyond = costs.beyond(cost or 0)
    net = one.net_micros - beyond
    form = wrong or forms.Confirm(address=one.address, initial={"quote": "" if cost is None else cost})
    warned = request.session.get(WARNING, [])
    context = _context(shown(one)) | {
        "form": form,
        "quote": cost,
        "shown_quote": "" if cost is None else cost,
        "beyond": beyond,
        "arrives": net,
        "in_coins": None
        if quote.amount is None
        else coins.coins(quote.amount * max(net, 0) // one.net_micros, one.asset),
        "warning": warned[1] if warned and warned[0] == one.id else "",
    }
    status = 422 if wrong else 200
    return render(request, "dashboard/withdrawal_confirm.html", context, status=status)


def _context(item: Shown) -> dict[str, Any]:
    return {
        "item": item,
        "one": item.one,
        "figures": {figure.value: number for figure, number in FIGURES.items()},
    }
