"""The state of the house: findings of the audit, the audit log, what could not be delivered, which processes live."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.core import findings as core_findings
from activkode.core import read
from activkode.core import status as core_status
from activkode.doors.people.console import forms
from activkode.doors.people.console.guard import needs
from activkode.funding import read as funding
from activkode.identity.permissions import Action
from activkode.ledger import audit
from activkode.support import read as support
from activkode.withdrawals import read as withdrawals

_PAGE = 100


@require_safe
@needs(Action.SEE_CUSTOMERS)
def home(request: HttpRequest) -> HttpResponse:
    """What an operator looks at first."""
    context = {
        "status": core_status.read(),
        "open_findings": read.open_findings(),
        "undelivered": len(read.undelivered()),
        "cases": len(funding.under_case()),
        "undecided": len(support.queue(limit=_PAGE)),
        "late_cases": support.overdue(),
        "withdrawals": len(withdrawals.queue()),
        "troubles": [chain for chain in funding.chains() if chain.trouble],
    }
    return render(request, "console/home.html", context)


@require_safe
@needs(Action.SEE_AUDIT)
def findings(request: HttpRequest) -> HttpResponse:
    """Violated invariants, open ones first."""
    return render(request, "console/findings.html", {"findings": read.findings()})


@require_POST
@needs(Action.SEE_AUDIT)
def run_audit(request: HttpRequest) -> HttpResponse:
    """Checks every invariant now."""
    found = audit.run()
    core_findings.keep(found, complete=True)
    if found:
        messages.error(request, f"{len(found)} invariants are violated.")
    else:
        messages.success(request, "Every invariant holds.")
    return redirect("console_findings")


@require_safe
@needs(Action.SEE_AUDIT)
def audit_log(request: HttpRequest) -> HttpResponse:
    """Who did what, newest first."""
    asked = forms.Find(request.GET).asked()
    before = int(asked["before"]) if asked.get("before") else None
    text = asked.get("q", "")
    # "customer 12" is a subject; anything else is looked for among the actors.
    chosen = {"subject": text} if text.startswith("customer ") else {"actor": text}
    lines = read.audit_log(**chosen, before=before, limit=_PAGE + 1)
    older = urlencode({"q": text, "before": lines[_PAGE - 1].id}) if len(lines) > _PAGE else ""
    return render(request, "console/audit_log.html", {"asked": asked, "lines": lines[:_PAGE], "older": older})


@require_safe
@needs(Action.SEE_AUDIT)
def outbox(request: HttpRequest) -> HttpResponse:
    """Mails that failed at least once."""
    return render(request, "console/outbox.html", {"lines": read.undelivered()})
