"""A customer's account for a period: opening balance, every movement, closing balance, and the same as a file."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activkode.core import read as core
from activkode.doors.people.dashboard import forms
from activkode.doors.people.dashboard.account_lines import lines
from activkode.doors.people.visitor import user_id
from activkode.ledger import export
from activkode.ledger import read as ledger

_SHOWN = 500
_FILES = {"csv": "text/csv", "json": "application/json", "beancount": "text/plain"}


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The statement as a table; a long one shows its latest movements, the files hold all."""
    start, end = forms.Period(request.GET).bounds(core.now().date())
    statement = ledger.statement(user_id(request), forms.midnight(start), forms.after(end))
    shown = statement.lines[-_SHOWN:]
    context = {
        "start": start,
        "end": end,
        "statement": statement,
        "lines": lines(statement)[-_SHOWN:],
        # Only who has ever withdrawn has a column for it.
        "withdraws": any(
            each.withdrawing for each in (statement.opening, *(line.after for line in statement.lines))
        ),
        "left_out": len(statement.lines) - len(shown),
        "forms": list(_FILES),
    }
    return render(request, "dashboard/statement.html", context)


@require_safe
def download(request: HttpRequest, form: str) -> HttpResponse:
    """The statement as CSV, JSON or beancount."""
    if form not in _FILES:
        raise Http404
    start, end = forms.Period(request.GET).bounds(core.now().date())
    customer = user_id(request)
    statement = ledger.statement(customer, forms.midnight(start), forms.after(end))
    text = {
        "csv": lambda: export.csv(statement),
        "json": lambda: json.dumps(export.json(statement), indent=2),
        "beancount": lambda: export.beancount(statement, customer),
    }[form]()
    name = f"activkode-{start}-{end}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(text, content_type=f"{_FILES[form]}; charset=utf-8", headers=headers)
