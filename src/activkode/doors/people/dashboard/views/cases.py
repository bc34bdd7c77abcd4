"""Cases as a customer has them: asking, adding, new facts, the decision. Somebody else's is as unknown as none."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activkode.core.errors import Code, Refusal
from activkode.doors.people import uploads
from activkode.doors.people.cases import forms, words
from activkode.doors.people.cases.shown import Shown, all_shown, shown
from activkode.doors.people.dashboard.forms import before
from activkode.doors.people.live import answer
from activkode.doors.people.visitor import user_id
from activkode.support import operations, read, screenshots
from activkode.support.operations import Opening
from activkode.support.policy import FIGURES, Channel, Figure, Kind

_PAGE = 25


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All of them, newest first."""
    place = before(request)
    found = all_shown(read.cases(user_id(request), before=place, limit=_PAGE + 1))
    context = {
        "found": found[:_PAGE],
        "older": found[_PAGE - 1].one.id if len(found) > _PAGE else None,
        "before": place,
        "days": FIGURES[Figure.DECISION_BUSINESS_DAYS],
    }
    return render(request, "dashboard/cases.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Asks for a person: about an activation, a top-up, a withdrawal, or anything."""
    if request.method != "POST":
        return _form(request, forms.OpenCase(initial=_named(request)))
    form = forms.OpenCase(request.POST, request.FILES)
    if not form.is_valid():
        return _form(request, form)
    try:
        files = uploads.read(form.cleaned_data["attached"])
        opened = operations.open(_opening(request, form))
    except Refusal as refusal:
        return _refused(request, form, refusal)
    customer = user_id(request)
    _attach(request, files, lambda file: screenshots.attach(opened.case_id, file, customer_id=customer))
    joined = "There is an open case about this already; what you wrote is added to it."
    messages.success(request, joined if opened.joined else "Your case is open. A person looks at it.")
    return redirect("case", opened.case_id)


@require_safe
def show(request: HttpRequest, case_id: int) -> HttpResponse:
    """One case: how it stands, everything that was said, and the decision."""
    item = shown(read.case(user_id(request), case_id))
    return render(request, "dashboard/case.html", _one(item) | {"form": forms.Message()})


@require_safe
def live(request: HttpRequest, case_id: int) -> HttpResponse:
    """The same part of the page again, where something changed."""
    item = shown(read.case(user_id(request), case_id))
    return answer(request, item.mark, "dashboard/case_live.html", lambda: _one(item))


@require_POST
def write(request: HttpRequest, case_id: int) -> HttpResponse:
    """Adds a message; where a fact was asked for, the clock goes on."""
    return _say(request, case_id, operations.write, "Added.")


@require_POST
def reopen(request: HttpRequest, case_id: int) -> HttpResponse:
    """New facts, once: it is decided anew."""
    return _say(request, case_id, operations.reopen, "Open again: a person looks at the new facts.")


@require_POST
def take_back(request: HttpRequest, case_id: int) -> HttpResponse:
    """The customer takes the case back."""
    try:
        operations.withdraw(user_id(request), case_id)
    except Refusal as refusal:
        if refusal.code is Code.NOT_FOUND:
            raise
        messages.error(request, words.told(refusal))
    else:
        messages.success(request, "Taken back.")
    return redirect("case", case_id)


def _say(request: HttpRequest, case_id: int, act: Callable[[int, int, str], int], done: str) -> HttpResponse:
    customer = user_id(request)
    item = shown(read.case(customer, case_id))
    form = forms.Message(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "dashboard/case.html", _one(item) | {"form": form}, status=422)
    try:
        files = uploads.read(form.cleaned_data["attached"])
        message = act(customer, case_id, form.cleaned_data["text"])
    except Refusal as refusal:
        form.add_error(None, words.told(refusal))
        return render(request, "dashboard/case.html", _one(item) | {"form": form}, status=refusal.kind.status)

    def keep(file: screenshots.File) -> int:
        return screenshots.attach(case_id, file, customer_id=customer, message_id=message)

    _attach(request, files, keep)
    messages.success(request, done)
    return redirect("case", case_id)


def _attach(
    request: HttpRequest, files: list[screenshots.File], keep: Callable[[screenshots.File], int]
) -> None:
    for wrong in uploads.attach(files, keep):
        messages.warning(request, f"Not kept: {wrong}")


def _named(request: HttpRequest) -> dict[str, str]:
    """What a link to the form has named, as far as it can be read."""
    form = forms.OpenCase(request.GET)
    form.is_valid()
    about = form.cleaned_data.get("about", "")
    return {"about": about, "kind": str(forms.kinds(about)[0][0]) if about else ""}


def _opening(request: HttpRequest, form: forms.OpenCase) -> Opening:
    asked = form.cleaned_data
    named = forms.about(asked["about"])
    return Opening(
        Kind(asked["kind"]),
        Channel.DASHBOARD,
        asked["text"],
        customer_id=user_id(request),
        activation_id=named.get("activation_id"),
        deposit_id=named.get("deposit_id"),
        withdrawal_id=named.get("withdrawal_id"),
    )


def _form(request: HttpRequest, form: forms.OpenCase, status: int | None = None) -> HttpResponse:
    about = str(form["about"].value() or "")
    context = {
        "form": form,
        "about": about,
        "kinds": forms.kinds(about if "about" not in form.errors else ""),
        "days": FIGURES[Figure.DECISION_BUSINESS_DAYS],
    }
    status = status or (422 if form.is_bound else 200)
    return render(request, "dashboard/case_new.html", context, status=status)


def _refused(request: HttpRequest, form: forms.OpenCase, refusal: Refusal) -> HttpResponse:
    if refusal.code is Code.ALREADY_DECIDED and "case" in refusal.extra:
        messages.info(request, "This was decided already. New facts reopen it once; say them here.")
        return redirect("case", refusal.extra["case"])
    unknown = refusal.code in (Code.UNKNOWN_ACTIVATION, Code.UNKNOWN_TRANSACTION)
    form.add_error("about" if unknown else None, words.told(refusal))
    return _form(request, form, refusal.kind.status)


def _one(item: Shown) -> dict[str, Any]:
    return {"item": item, "one": item.one, "mark": item.mark}
