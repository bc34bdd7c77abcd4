"""Mails to the contact address for staff: what became of each and why, and the mail itself where it has to be looked at."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from activkode.core import audit_log
from activkode.doors.people.console import forms
from activkode.doors.people.console.guard import actor, needs, not_oneself
from activkode.identity.permissions import Action
from activkode.mailbox import read
from activkode.mailbox.policy import Fate

_PAGE = 50
# What is looked for most stands first.
FATES: dict[Fate, str] = {
    Fate.PARKED: "Parked",
    Fate.UNVERIFIED: "Not proven",
    Fate.TOLD: "Turned down",
    Fate.WITHDRAWAL: "Withdrawals",
    Fate.CASE: "Cases",
    Fate.ADDED: "Added to cases",
    Fate.PENDING: "Not read yet",
}


@require_safe
@needs(Action.SEE_CASES)
def index(request: HttpRequest) -> HttpResponse:
    """The newest of one fate; at first those that nobody was answered about."""
    asked = forms.Mails(request.GET).asked()
    fate = Fate(asked.get("show") or Fate.PARKED)
    before = int(asked["before"]) if asked.get("before") else None
    found = read.recent(fate, before=before, limit=_PAGE + 1)
    older = urlencode({"show": fate, "before": found[_PAGE - 1].id}) if len(found) > _PAGE else ""
    context = {"fates": FATES.items(), "fate": fate, "found": found[:_PAGE], "before": before, "older": older}
    return render(request, "console/mails.html", context)


@require_POST
@needs(Action.SEE_CASES)
def original(request: HttpRequest, mail_id: int) -> HttpResponse:
    """The mail as it came, as a file that no browser opens, with a line in the audit log."""
    one = read.one(mail_id)
    not_oneself(request, one.customer_id or 0)
    audit_log.note(actor(request), "mail shown", f"mail {mail_id}", sender=one.sender)
    headers = {
        "Content-Disposition": f'attachment; filename="mail-{mail_id}.eml"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(read.original(mail_id), content_type="application/octet-stream", headers=headers)
