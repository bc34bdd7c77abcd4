"""One activation while it is watched, what its customer can do with it, and all of them as a history."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.activations import operations, read
from activkode.activations.policy import Event
from activkode.activations.read import Activation
from activkode.core.errors import Code, Refusal
from activkode.doors.people.dashboard import forms
from activkode.doors.people.dashboard.shown import all_shown, shown
from activkode.doors.people.live import answer
from activkode.doors.people.refusals import tell
from activkode.doors.people.visitor import user_id
from activkode.ledger import read as ledger
from activkode.support import read as support

_PAGE = 25


@require_safe
def show(request: HttpRequest, activation_id: int) -> HttpResponse:
    """The number, the time left, the messages, what can be done, and how the refund stands."""
    one = read.get(user_id(request), activation_id)
    return render(request, "dashboard/activation.html", _context(one) | {"mark": one.revision})


@require_safe
def live(request: HttpRequest, activation_id: int) -> HttpResponse:
    """The same part of the page again, where something changed."""
    one = read.get(user_id(request), activation_id)
    return answer(request, str(one.revision), "dashboard/activation_live.html", lambda: _context(one))


@require_POST
def cancel(request: HttpRequest, activation_id: int) -> HttpResponse:
    """Cancels; the full price is back in the same transaction."""
    return _apply(request, activation_id, Event.CANCEL)


@require_POST
def complete(request: HttpRequest, activation_id: int) -> HttpResponse:
    """Finishes before the window's end."""
    return _apply(request, activation_id, Event.COMPLETE)


@require_POST
def reveal(request: HttpRequest, activation_id: int) -> HttpResponse:
    """Shows hidden messages, which fulfils (POLICY 2.1.5)."""
    return _apply(request, activation_id, Event.REVEAL)


@require_safe
def history(request: HttpRequest) -> HttpResponse:
    """Activations of a group and a service, newest first, page by page."""
    form = forms.History(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    group = forms.GROUPS.get(asked.get("show", ""))
    before = asked.get("before")
    found = read.page(
        user_id(request),
        states=[str(state) for state in group[1]] if group else None,
        service=asked.get("service") or None,
        before=int(before) if before else None,
        limit=_PAGE + 1,
    )
    kept = {name: asked[name] for name in ("show", "service") if asked.get(name)}
    context = {
        "found": all_shown(found[:_PAGE]),
        "groups": [("", "All"), *((name, words[0]) for name, words in forms.GROUPS.items())],
        "asked": asked,
        "service_query": urlencode({"service": kept["service"]}) if "service" in kept else "",
        "older": urlencode(kept | {"before": found[_PAGE - 1].id}) if len(found) > _PAGE else "",
        "newest": urlencode(kept) if before else None,
    }
    return render(request, "dashboard/history.html", context)


def _context(one: Activation) -> dict[str, object]:
    case = support.about(one.customer, activation_id=one.id)
    return {"shown": shown(one), "wallet": ledger.balance(one.customer), "case": case}


def _apply(request: HttpRequest, activation_id: int, event: Event) -> HttpResponse:
    try:
        operations.apply(user_id(request), activation_id, event)
    except Refusal as refusal:
        if refusal.code is Code.UNKNOWN_ACTIVATION:
            raise
        tell(request, refusal)
    else:
        messages.success(request, _DONE[event])
    return redirect("activation", activation_id)


_DONE = {
    Event.CANCEL: "Cancelled. The full price is back in your balance.",
    Event.COMPLETE: "Completed.",
    Event.REVEAL: "The message is shown below.",
}
