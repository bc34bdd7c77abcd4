"""Taking money out as a customer does it: the wish, every withdrawal with how far it is, its receipt."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.core import ids
from activkode.core import read as core
from activkode.core.errors import Refusal
from activkode.doors.people.dashboard import forms
from activkode.doors.people.live import answer
from activkode.doors.people.payments import facts, words
from activkode.doors.people.payments.shown import Shown, all_shown, shown
from activkode.doors.people.payments.timeline import timeline
from activkode.doors.people.receipts import pdf
from activkode.doors.people.visitor import user, user_id
from activkode.funding.policy import ASSETS
from activkode.ledger import read as ledger
from activkode.support import read as support
from activkode.withdrawals import destinations, operations, read
from activkode.withdrawals.policy import FIGURES, Figure

_PAGE = 25
# In the session: what is to be said of an address that was just given, until it is confirmed.
WARNING = "address_warning"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The form, or the one that is open; and all so far, newest first."""
    return _index(request, forms.Withdraw(initial={"asset": str(ASSETS[0].asset)}))


@require_POST
def create(request: HttpRequest) -> HttpResponse:
    """Asks for a withdrawal; nothing is set aside before it is confirmed."""
    form = forms.Withdraw(request.POST)
    if not form.is_valid():
        return _index(request, form, status=422)
    asset, address, gross = form.asked()
    try:
        warning = destinations.check(asset, address).warning
        made = operations.request(user_id(request), asset, address, gross, channel="dashboard")
    except Refusal as refusal:
        form.refuse(refusal)
        return _index(request, form, status=refusal.kind.status)
    if warning:
        request.session[WARNING] = [made, warning]
    return redirect("withdrawal_confirm", made)


@require_safe
def show(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """One withdrawal: how far it is, what it waits for, and its receipt."""
    item = shown(read.one(user_id(request), withdrawal_id))
    case = support.about(item.one.customer, withdrawal_id=withdrawal_id)
    return render(request, "dashboard/withdrawal.html", _one(item) | {"case": case})


@require_safe
def live(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """The same part of the page again, where something changed."""
    item = shown(read.one(user_id(request), withdrawal_id))
    return answer(request, item.mark, "dashboard/withdrawal_live.html", lambda: _one(item))


@require_safe
def receipt(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """The receipt as a PDF."""
    item = shown(read.one(user_id(request), withdrawal_id))
    paper = pdf.receipt(facts.paper(item), user(request).email, core.now())
    name = f"activkode-{ids.show(ids.WITHDRAWAL, withdrawal_id)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


@require_POST
def cancel(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """Cancels, until it is being signed; what was set aside is back in the same transaction."""
    customer = user_id(request)
    one = read.one(customer, withdrawal_id)
    try:
        operations.cancel(customer, withdrawal_id)
    except Refusal as refusal:
        messages.error(request, words.told(refusal))
    else:
        back = " The amount is back in your balance." if one.confirmed_at else ""
        messages.success(request, f"Cancelled.{back}")
    return redirect("withdrawal", withdrawal_id)


def _index(request: HttpRequest, form: forms.Withdraw, status: int = 200) -> HttpResponse:
    customer, before = user_id(request), forms.before(request)
    found = all_shown(read.page(customer, before=before, limit=_PAGE + 1))
    opened = read.open_one(customer)
    context = {
        "form": form,
        "wallet": ledger.balance(customer),
        "open": shown(opened) if opened else None,
        "found": found[:_PAGE],
        "older": found[_PAGE - 1].one.id if len(found) > _PAGE else None,
        "before": before,
        "coins": ASSETS,
        "figures": {figure.value: number for figure, number in FIGURES.items()},
        "least_net": FIGURES[Figure.WITHDRAWAL_LEAST_MICROS] - FIGURES[Figure.WITHDRAWAL_FEE_MICROS],
    }
    return render(request, "dashboard/withdrawals.html", context, status=status)


def _one(item: Shown) -> dict[str, Any]:
    paper = facts.paper(item)
    return {
        "item": item,
        "steps": timeline(item),
        "facts": paper.facts,
        "title": paper.title,
        "mark": item.mark,
        "figures": {figure.value: number for figure, number in FIGURES.items()},
    }
