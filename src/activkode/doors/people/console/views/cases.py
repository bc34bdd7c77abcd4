"""Cases for staff: what is due first, what the records show beside the proposed decision, and what is said and decided."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.core import audit_log
from activkode.core import read as core
from activkode.core.errors import Code, Refusal
from activkode.doors.people.cases import staff, words
from activkode.doors.people.cases.forms import about
from activkode.doors.people.console import case_forms
from activkode.doors.people.console.forms import must_be_valid
from activkode.doors.people.console.guard import actor, needs, not_oneself
from activkode.doors.people.refusals import tell
from activkode.doors.people.visitor import user
from activkode.identity import read as identity
from activkode.identity.permissions import Action, may
from activkode.support import evidence, operations, read
from activkode.support.operations import Staff
from activkode.support.policy import BY_KIND, UNDECIDED, Kind, Outcome, State
from activkode.support.read import Case

_PAGE, _LINES = 50, 25
_OVER = (State.DECIDED, State.CLOSED)
_SHOWN: dict[str, dict[str, Any]] = {
    "": {},
    "overdue": {"overdue": True},
    "waiting": {"states": (State.WAITING_CUSTOMER,)},
    "unverified": {"unverified": True},
    "over": {"states": _OVER},
}


@require_safe
@needs(Action.SEE_CASES)
def index(request: HttpRequest) -> HttpResponse:
    """What is to be decided, what is due first on top; or what a search finds."""
    form = case_forms.Queue(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = asked.get("page") or 1
    if asked.get("q"):
        found = read.search(asked["q"], limit=_PAGE)
    else:
        kind = Kind(asked["kind"]) if asked.get("kind") else None
        chosen = _SHOWN[asked.get("show") or ""]
        found = read.queue(kind=kind, **chosen, offset=(page - 1) * _PAGE, limit=_PAGE + 1)
    now = core.now()
    context = {
        "found": [staff.line(one, now) for one in found[:_PAGE]],
        "asked": asked,
        "shown": [(value, label) for value, label in form.fields["show"].choices],  # type: ignore[attr-defined]
        "kinds": form.fields["kind"].choices,  # type: ignore[attr-defined]
        "page": page,
        "more": len(found) > _PAGE,
        "late": read.overdue(),
    }
    return render(request, "console/case_queue.html", context)


@require_safe
@needs(Action.SEE_CASES)
def show(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case with everything that bears on its decision."""
    return render(request, "console/case.html", _context(request, read.any_case(case_id)))


@require_POST
@needs(Action.SEE_CASES)
def files(request: HttpRequest, case_id: int) -> HttpResponse:
    """The customer's files, shown once, with a line in the audit log."""
    one = read.any_case(case_id)
    try:
        not_oneself(request, one.customer_id or 0)
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("console_case", case_id)
    found = read.attachments(case_id, internal=True)
    audit_log.note(actor(request), "case files shown", f"case {case_id}", files=len(found))
    return render(request, "console/case.html", _context(request, one) | {"disclosed": found})


@require_POST
@needs(Action.ANSWER_CASES)
def say(request: HttpRequest, case_id: int) -> HttpResponse:
    """Answers, asks, notes, gives a new date, goes on, reopens or closes."""

    def act(one: Case, person: Staff) -> str:
        form = case_forms.Say(request.POST)
        must_be_valid(form)
        event, text = form.cleaned_data["event"], form.cleaned_data["text"]
        _SAYINGS[event](case_id, text, staff=person)
        return _SAID[event]

    return _carry_out(request, case_id, act)


@require_POST
@needs(Action.DECIDE_CASES)
def decide(request: HttpRequest, case_id: int) -> HttpResponse:
    """A decision with clause and reason; the credit is in the same transaction."""

    def act(one: Case, person: Staff) -> str:
        form = case_forms.Verdict(request.POST, about=BY_KIND[one.kind].about)
        must_be_valid(form)
        operations.decide(case_id, _verdict(form), staff=person)
        return "Decided."

    return _carry_out(request, case_id, act)


@require_POST
@needs(Action.DECIDE_CASES)
def link(request: HttpRequest, case_id: int) -> HttpResponse:
    """Says what a case is about, and whose it is where nobody is known to have asked."""

    def act(one: Case, person: Staff) -> str:
        form = case_forms.Link(request.POST)
        must_be_valid(form)
        asked = form.cleaned_data
        customer = int(asked["customer"]) if asked["customer"] else None
        operations.link(
            case_id,
            staff=person,
            kind=Kind(asked["kind"]),
            customer_id=customer,
            **about(asked["about"]),
        )
        return "Kept."

    return _carry_out(request, case_id, act)


def _carry_out(request: HttpRequest, case_id: int, act: Callable[[Case, Staff], str]) -> HttpResponse:
    one, person = read.any_case(case_id), user(request)
    try:
        not_oneself(request, one.customer_id or 0)
        done = act(one, Staff(person.id, actor(request)))
    except Refusal as refusal:
        if refusal.code is Code.NOT_FOUND:
            raise
        tell(request, refusal)
    else:
        messages.success(request, done)
    return redirect("console_case", case_id)


def _context(request: HttpRequest, one: Case) -> dict[str, Any]:
    person, found = user(request), evidence.of_case(one.id)
    proposal = found.proposal
    chosen = f"{proposal.outcome} {proposal.clause}" if proposal.outcome else ""
    return {
        "one": one,
        "line": staff.line(one, core.now()),
        "account": identity.account(one.customer_id) if one.customer_id else None,
        "thread": staff.thread(one),
        "steps": found.steps,
        "facts": sorted(found.facts),
        "proposal": proposal,
        "proposed": words.OUTCOMES[proposal.outcome] if proposal.outcome else "",
        "files": len(read.attachments(one.id, internal=True)),
        "decisions": read.decisions(one.id),
        "undecided": one.state in UNDECIDED,
        "verdict": case_forms.Verdict(about=BY_KIND[one.kind].about, initial={"decision": chosen}),
        "say": case_forms.Say(auto_id="say_%s", initial={"event": "answer"}),
        "link": case_forms.Link(auto_id="link_%s", initial={"kind": one.kind}),
        "log": core.audit_log(subject=f"case {one.id}", limit=_LINES),
        "oneself": person.id == one.customer_id,
        "may_answer": may(person.role, Action.ANSWER_CASES),
        "may_decide": may(person.role, Action.DECIDE_CASES),
    }


def _verdict(form: case_forms.Verdict) -> operations.Verdict:
    asked = form.cleaned_data
    outcome, _, clause = asked["decision"].partition(" ")
    right = asked.get("right_customer")
    return operations.Verdict(
        Outcome(outcome), clause, asked["reason"], asked["amount"], int(right) if right else None
    )


_SAYINGS: dict[str, Callable[..., Any]] = {
    "answer": operations.answer,
    "ask": operations.ask,
    "interim": operations.interim,
    "note": operations.note,
    "resume": operations.resume,
    "reopen": operations.reopen_for,
    "close": operations.close,
}
_SAID = {
    "answer": "Sent to the customer.",
    "ask": "Asked. The clock stands until the answer comes.",
    "interim": "Sent, with a new date.",
    "note": "Kept; the customer does not see it.",
    "resume": "The clock goes on.",
    "reopen": "Open again.",
    "close": "Closed.",
}
