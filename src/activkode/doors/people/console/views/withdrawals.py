"""Withdrawals for staff: what is due first, everything that bears on a decision beside it, and the decisions themselves."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.core import ids
from activkode.core import read as core
from activkode.core.errors import Refusal
from activkode.doors.people.console import forms
from activkode.doors.people.console.guard import actor, needs, not_oneself
from activkode.doors.people.payments import facts, queue
from activkode.doors.people.payments.shown import all_shown, shown
from activkode.doors.people.payments.timeline import timeline
from activkode.doors.people.payments.words import STATES
from activkode.doors.people.receipts import shown as topups
from activkode.doors.people.refusals import tell
from activkode.doors.people.visitor import user
from activkode.funding import read as funding
from activkode.funding.policy import State as TopupState
from activkode.identity import read as identity
from activkode.identity.permissions import Action, may
from activkode.ledger import read as ledger
from activkode.support import read as support
from activkode.withdrawals import evidence, operations, payers, read
from activkode.withdrawals.policy import CLOSED, FIGURES, OPEN, Figure
from activkode.withdrawals.read import Withdrawal

_CLOSED, _RECENT, _LINES = 50, 8, 25


@require_safe
@needs(Action.SEE_WITHDRAWALS)
def index(request: HttpRequest) -> HttpResponse:
    """What is open, what is due first standing first; or what was closed last; or one customer's or address's."""
    asked = forms.Find(request.GET).asked()
    over = request.GET.get("show") == "closed"
    found = _find(asked.get("q", ""), over)
    context = {
        "asked": asked,
        "over": over,
        "found": [queue.line(item) for item in all_shown(found)],
        "now": core.now(),
        "may_export": may(user(request).role, Action.EXPORT_PAYOUTS),
        "assets": payers.assets(),
        "signed": forms.SignedFiles(),
    }
    return render(request, "console/withdrawals.html", context)


@require_safe
@needs(Action.SEE_WITHDRAWALS)
def show(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """One withdrawal with the records beside the decision, and every transaction with what nodes said of it."""
    one = read.any_one(withdrawal_id)
    return render(request, "console/withdrawal.html", _context(request, one) | _records(one))


@require_POST
@needs(Action.APPROVE_WITHDRAWALS)
def approve(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """One yes; from a certain amount on another person's is needed too (POLICY 2.3.5)."""
    person = user(request)

    def act(one: Withdrawal) -> str:
        state = operations.approve(one.customer, one.id, actor_id=person.id, actor=actor(request))
        wanted = one.approvals_wanted
        return "Approved." if state != one.state else f"Your approval is kept; it takes {wanted}."

    return carry_out(request, withdrawal_id, act)


@require_POST
@needs(Action.APPROVE_WITHDRAWALS)
def reject(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """Declines it, with a reason that the customer reads; what was set aside is back."""
    return _with_reason(
        request, withdrawal_id, operations.reject, "Declined. The amount is back in the balance."
    )


@require_POST
@needs(Action.APPROVE_WITHDRAWALS)
def pay_again(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """After a payout was proven dead: another one may be made."""
    return _with_reason(request, withdrawal_id, operations.pay_again, "Another payout can be handed out now.")


@require_POST
@needs(Action.APPROVE_WITHDRAWALS)
def give_back(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """After every payout was proven dead: the amount returns."""
    return _with_reason(request, withdrawal_id, operations.give_back, "The amount is back in the balance.")


@require_POST
@needs(Action.APPROVE_WITHDRAWALS)
def waive(request: HttpRequest, withdrawal_id: int) -> HttpResponse:
    """Paid in twice by the customer: that top-up leaves without the fee (POLICY 2.2.8)."""

    def act(one: Withdrawal) -> str:
        form = forms.Waive(request.POST, topups=_credited(one))
        forms.must_be_valid(form)
        deposit, person = int(form.cleaned_data["deposit"]), user(request)
        operations.waive_fee(
            one.customer, one.id, deposit_id=deposit, actor_id=person.id, actor=actor(request)
        )
        return "It leaves without the fee."

    return carry_out(request, withdrawal_id, act)


def carry_out(request: HttpRequest, withdrawal_id: int, act: Callable[[Withdrawal], str]) -> HttpResponse:
    """Does something to a withdrawal of somebody else's, says what came of it, and shows it again. Raises
    Refusal(not_found)."""
    one = read.any_one(withdrawal_id)
    try:
        not_oneself(request, one.customer)
        done = act(one)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, done)
    return redirect("console_withdrawal", withdrawal_id)


def _with_reason(
    request: HttpRequest, withdrawal_id: int, act: Callable[..., str], done: str
) -> HttpResponse:
    def decide(one: Withdrawal) -> str:
        form = forms.Reason(request.POST)
        forms.must_be_valid(form)
        reason, person = form.cleaned_data["reason"], user(request)
        act(one.customer, one.id, actor_id=person.id, actor=actor(request), reason=reason)
        return done

    return carry_out(request, withdrawal_id, decide)


def _context(request: HttpRequest, one: Withdrawal) -> dict[str, Any]:
    item, person = shown(one), user(request)
    credited = _credited(one)
    return {
        "item": item,
        "one": one,
        "line": queue.line(item),
        "account": identity.account(one.customer),
        "steps": timeline(item),
        "facts": facts.facts(item),
        "approvals": read.approvals(one.customer, one.id),
        "bumps": FIGURES[Figure.BUMP_MOST],
        "oneself": person.id == one.customer,
        "may_approve": may(person.role, Action.APPROVE_WITHDRAWALS),
        "may_export": may(person.role, Action.EXPORT_PAYOUTS),
        "can_pay": one.asset in payers.assets(),
        "reason": forms.Reason(),
        "again": forms.Reason(auto_id="again_%s"),
        "waive": forms.Waive(topups=credited) if credited else None,
        "signed": forms.SignedFiles(),
    }


def _records(one: Withdrawal) -> dict[str, Any]:
    return {
        "wallet": ledger.balance(one.customer),
        "sums": evidence.sums(one.customer),
        "same_address": evidence.same_address(one.address, one.customer),
        "email_changes": evidence.email_changes(one.customer),
        "suspensions": identity.suspensions(one.customer),
        "topups": topups.all_shown(funding.topups(one.customer, limit=_RECENT)),
        "others": [each for each in read.page(one.customer, limit=_RECENT) if each.id != one.id],
        "states": STATES,
        "case": support.about(one.customer, withdrawal_id=one.id),
        "log": core.audit_log(subject=f"withdrawal {one.id}", limit=_LINES),
    }


def _number(text: str) -> int | None:
    try:
        return ids.read(ids.WITHDRAWAL, text)
    except Refusal:
        return None


def _find(text: str, over: bool) -> list[Withdrawal]:
    if not text:
        return read.queue(states=CLOSED, limit=_CLOSED) if over else read.queue(states=OPEN)
    number = _number(text)
    if number is not None:
        try:
            return [read.any_one(number)]
        except Refusal:
            return []
    found = [account.id for account in identity.accounts(text, limit=_RECENT)]
    return [each for customer in found for each in read.page(customer)]


def _credited(one: Withdrawal) -> list[tuple[str, str]]:
    """The top-ups that may leave without the fee; the books judge once more."""
    if one.state not in ("requested", "confirmed") or one.waived_for:
        return []
    found = funding.topups(one.customer, states=[TopupState.CREDITED], limit=_LINES)
    return [
        (str(each.id), f"{ids.show(ids.DEPOSIT, each.id)}, credited {topups.Shown(each).worth}")
        for each in found
    ]
