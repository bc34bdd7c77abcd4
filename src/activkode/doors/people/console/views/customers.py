"""Customers: who they are, their money, their activations; suspension and credit, each with a reason."""

import functools
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.activations import read as activations
from activkode.core import read as core
from activkode.core.errors import Code, Refusal
from activkode.doors.people.console import forms
from activkode.doors.people.console.guard import actor, needs, not_oneself
from activkode.doors.people.receipts.shown import all_shown
from activkode.doors.people.refusals import tell
from activkode.doors.people.visitor import user
from activkode.funding import read as funding
from activkode.identity import read as identity
from activkode.identity import suspension
from activkode.identity.permissions import Action, may
from activkode.ledger import operations as ledger_operations
from activkode.ledger import read as ledger_read

_PAGE = 50
_RECENT = 25
_LINES = 1_000


@require_safe
@needs(Action.SEE_CUSTOMERS)
def index(request: HttpRequest) -> HttpResponse:
    """Accounts by e-mail address or id."""
    asked = forms.Find(request.GET).asked()
    before = int(asked["before"]) if asked.get("before") else None
    found = identity.accounts(asked.get("q", ""), before=before, limit=_PAGE + 1)
    return render(
        request,
        "console/customers.html",
        {
            "asked": asked,
            "found": found[:_PAGE],
            "before": found[_PAGE - 1].id if len(found) > _PAGE else None,
        },
    )


@require_safe
@needs(Action.SEE_CUSTOMERS)
def show(request: HttpRequest, customer_id: int) -> HttpResponse:
    """One customer: wallet, suspensions, latest activations and top-ups, what staff did."""
    account = identity.account(customer_id)
    person = user(request)
    context = {
        "account": account,
        "wallet": ledger_read.balance(customer_id),
        "suspensions": identity.suspensions(customer_id),
        "activations": activations.page(customer_id, limit=_RECENT),
        "topups": all_shown(funding.topups(customer_id, limit=_RECENT)),
        "log": core.audit_log(subject=f"customer {customer_id}", limit=_RECENT),
        "oneself": person.id == customer_id,
        "may_suspend": may(person.role, Action.SUSPEND),
        "may_grant": may(person.role, Action.GRANT_CREDIT),
        "reason": forms.Reason(),
        "credit": forms.Credit(auto_id="credit_%s"),
    }
    return render(request, "console/customer.html", context)


@require_safe
@needs(Action.SEE_CUSTOMERS)
def ledger(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Every movement of a customer's money with the balances after it; the latest of a long account."""
    statement = ledger_read.statement(customer_id)
    context = {
        "account": identity.account(customer_id),
        "wallet": ledger_read.balance(customer_id),
        "lines": statement.lines[-_LINES:][::-1],
        "left_out": max(0, len(statement.lines) - _LINES),
    }
    return render(request, "console/ledger.html", context)


@require_POST
@needs(Action.SUSPEND)
def suspend(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Freezes the wallet and ends all sessions; refunds still arrive (POLICY 2.1.13)."""
    return _with_reason(
        request,
        customer_id,
        forms.Reason(request.POST),
        suspension.suspend,
        "Suspended. All sessions are ended.",
    )


@require_POST
@needs(Action.SUSPEND)
def lift(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Ends a suspension."""
    return _with_reason(
        request, customer_id, forms.Reason(request.POST), suspension.lift, "The suspension is lifted."
    )


@require_POST
@needs(Action.GRANT_CREDIT)
def credit(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Gives promotional or goodwill credit."""
    form = forms.Credit(request.POST)
    return _with_reason(request, customer_id, form, functools.partial(_grant, form), "Credited.")


def _grant(form: forms.Credit, customer_id: int, *, actor: str, reason: str) -> None:
    asked = form.cleaned_data
    ledger_operations.grant(customer_id, asked["kind"], asked["amount"], actor=actor, reason=reason)


def _with_reason(
    request: HttpRequest, customer_id: int, form: forms.Reason, act: Callable[..., None], done: str
) -> HttpResponse:
    try:
        _check(request, customer_id, form)
        act(customer_id, actor=actor(request), reason=form.cleaned_data["reason"])
    except Refusal as refusal:
        if refusal.code is Code.NOT_FOUND:
            raise
        tell(request, refusal)
    else:
        messages.success(request, done)
    return redirect("console_customer", customer_id)


def _check(request: HttpRequest, customer_id: int, form: forms.Reason) -> None:
    identity.account(customer_id)
    not_oneself(request, customer_id)
    if not form.is_valid():
        wrong = next(iter(form.errors.items()))
        raise Refusal(Code.INVALID_REQUEST, f"{wrong[0].capitalize()}: {wrong[1][0]}")
