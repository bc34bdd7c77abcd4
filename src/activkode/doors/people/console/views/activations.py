"""Activations for staff: found by id or number, shown without texts; reading codes is an act that is logged."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.activations import read
from activkode.core import ids
from activkode.core.errors import Code, Refusal
from activkode.doors.people.console import forms
from activkode.doors.people.console.guard import actor, needs, not_oneself
from activkode.doors.people.refusals import tell
from activkode.doors.people.visitor import user
from activkode.identity import read as identity
from activkode.identity.permissions import Action, may
from activkode.intake import operations as intake
from activkode.intake.read import messages as message_lines
from activkode.supply import read as supply
from activkode.support import read as support


@require_safe
@needs(Action.SEE_CUSTOMERS)
def index(request: HttpRequest) -> HttpResponse:
    """Who held a number or an address, or whose an activation is."""
    asked = forms.Find(request.GET).asked()
    found = _find(asked.get("q", ""))
    return render(request, "console/activations.html", {"asked": asked, "found": found})


@require_safe
@needs(Action.SEE_CUSTOMERS)
def show(request: HttpRequest, customer_id: int, activation_id: int) -> HttpResponse:
    """One activation with its messages' times, senders and fates."""
    return render(request, "console/activation.html", _context(request, customer_id, activation_id))


@require_POST
@needs(Action.SEE_CODES)
def codes(request: HttpRequest, customer_id: int, activation_id: int) -> HttpResponse:
    """The texts and codes, once, with a line in the audit log."""
    form = forms.Reason(request.POST)
    try:
        not_oneself(request, customer_id)
        if not form.is_valid():
            raise Refusal(Code.INVALID_REQUEST, "Say why you read a customer's messages.")
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("console_activation", customer_id, activation_id)
    context = _context(request, customer_id, activation_id)
    reason = form.cleaned_data["reason"]
    context["disclosed"] = intake.disclose(customer_id, activation_id, actor=actor(request), reason=reason)
    return render(request, "console/activation.html", context)


def _context(request: HttpRequest, customer_id: int, activation_id: int) -> dict[str, object]:
    one = read.get(customer_id, activation_id)
    account = identity.account(customer_id)
    return {
        "one": one,
        "refund": read.refund(one),
        "account": account,
        "lines": message_lines(customer_id, activation_id),
        "case": support.about(customer_id, activation_id=activation_id),
        "reason": forms.Reason(),
        "may_read": may(user(request).role, Action.SEE_CODES),
    }


def _find(text: str) -> list[supply.LeaseLine]:
    if not text:
        return []
    if text.startswith(ids.ACTIVATION):
        try:
            found = supply.lease(ids.read(ids.ACTIVATION, text))
        except Refusal:
            return []
        return [found] if found else []
    return supply.leases(
        text.lower() if "@" in text else "".join(c for c in text if c.isascii() and c.isdigit())
    )
