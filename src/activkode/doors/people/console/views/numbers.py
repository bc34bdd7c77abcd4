"""Our numbers: how many there are, which, and taking one out of service."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.doors.people.console import forms
from activkode.doors.people.console.guard import actor, needs
from activkode.identity.permissions import Action
from activkode.supply import numbers, read

_PAGE = 50
_ACTIVE = {"active": True, "retired": False}


@require_safe
@needs(Action.IMPORT_NUMBERS)
def index(request: HttpRequest) -> HttpResponse:
    """Numbers by digits, country and state."""
    asked = forms.Find(request.GET).asked()
    found = read.numbers(
        phone=asked.get("q", ""),
        country=asked.get("country") or None,
        active=_ACTIVE.get(asked.get("state", "")),
        before=int(asked["before"]) if asked.get("before") else None,
        limit=_PAGE + 1,
    )
    kept = {name: asked[name] for name in ("q", "country", "state") if asked.get(name)}
    older = urlencode(kept | {"before": found[_PAGE - 1].id}) if len(found) > _PAGE else ""
    pools = read.pools()
    context = {
        "asked": asked,
        "found": found[:_PAGE],
        "pools": pools,
        "countries": sorted({(pool.country, pool.country_name) for pool in pools}),
        "older": older,
    }
    return render(request, "console/numbers.html", context)


@require_POST
@needs(Action.IMPORT_NUMBERS)
def retire(request: HttpRequest, number_id: int) -> HttpResponse:
    """Takes a number out of service; running leases end by themselves."""
    numbers.retire(number_id, actor=actor(request))
    messages.success(request, "The number is retired. A running activation keeps it to its end.")
    return redirect("console_numbers")
