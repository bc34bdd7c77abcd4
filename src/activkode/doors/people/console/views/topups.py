"""Top-ups for staff: whose an address or a transaction is, everything that is kept of a deposit, and decisions of cases."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.core import read as core
from activkode.core.errors import Code, Refusal
from activkode.doors.people import words
from activkode.doors.people.console import forms
from activkode.doors.people.console.guard import actor, needs, not_oneself
from activkode.doors.people.receipts.facts import facts
from activkode.doors.people.receipts.shown import all_shown, shown
from activkode.doors.people.receipts.timeline import timeline
from activkode.doors.people.refusals import tell
from activkode.doors.people.visitor import user
from activkode.funding import operations, read
from activkode.funding.policy import Event
from activkode.funding.read import Issued, Topup
from activkode.identity import read as identity
from activkode.identity.permissions import Action, may
from activkode.support import read as support

_ADDRESSES, _FOUND, _CASES, _LINES = 20, 50, 100, 25


@require_safe
@needs(Action.SEE_TOPUPS)
def index(request: HttpRequest) -> HttpResponse:
    """Whose an address is, however old, and what came to it; or a deposit by its transaction or id."""
    asked = forms.Find(request.GET).asked()
    issued, found = _find(asked.get("q", ""))
    context = {
        "asked": asked,
        "issued": issued,
        "found": all_shown(found),
        "cases": len(read.under_case(_CASES)),
    }
    return render(request, "console/topups.html", context)


@require_safe
@needs(Action.SEE_TOPUPS)
def cases(request: HttpRequest) -> HttpResponse:
    """Deposits that a person has to decide about, the oldest first."""
    return render(request, "console/cases.html", {"found": all_shown(read.under_case(_CASES))})


@require_safe
@needs(Action.SEE_TOPUPS)
def show(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """Everything that is kept of a deposit, and what can be decided about it."""
    one = read.any_topup(deposit_id)
    item, person = shown(one), user(request)
    choices = _decisions(one)
    context = {
        "item": item,
        "inside": read.inside(deposit_id),
        "account": identity.account(one.customer),
        "facts": facts(item),
        "steps": timeline(item),
        "log": core.audit_log(subject=f"deposit {deposit_id}", limit=_LINES),
        "case": support.about(one.customer, deposit_id=deposit_id),
        "oneself": person.id == one.customer,
        "decision": forms.Decision(decisions=choices) if choices else None,
        "may_decide": may(person.role, Action.DECIDE_TOPUPS),
    }
    return render(request, "console/topup.html", context)


@require_POST
@needs(Action.DECIDE_TOPUPS)
def decide(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """Ends a case, with a reason in the audit log; nobody about their own account."""
    one = read.any_topup(deposit_id)
    form = forms.Decision(request.POST, decisions=_decisions(one))
    try:
        not_oneself(request, one.customer)
        if not form.is_valid():
            wrong = next(iter(form.errors.items()))
            raise Refusal(Code.INVALID_REQUEST, f"{wrong[0].capitalize()}: {wrong[1][0]}")
        state = operations.decide(
            deposit_id,
            Event(form.cleaned_data["decision"]),
            actor=actor(request),
            actor_id=user(request).id,
            why=form.cleaned_data["reason"],
        )
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, f"Decided. The deposit is now: {words.STATES[state].lower()}.")
    return redirect("console_topup", deposit_id)


def _decisions(one: Topup) -> list[tuple[str, str]]:
    return [(str(event), words.DECISIONS[event]) for event in operations.open_decisions(one)]


def _find(text: str) -> tuple[list[Issued], list[Topup]]:
    if not text:
        return [], []
    issued = read.issued(text, limit=_ADDRESSES)
    asked_for = dict.fromkeys([text, *(one.address for one in issued)])
    found = {one.id: one for asked in asked_for for one in read.search(asked, limit=_FOUND)}
    return issued, sorted(found.values(), key=lambda one: -one.id)[:_FOUND]
