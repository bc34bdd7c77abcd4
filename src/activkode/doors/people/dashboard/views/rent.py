"""Search, offers with the support check beside them, and the purchase of the one that was seen."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from activkode.activations import operations
from activkode.activations.policy import FIGURES, Figure
from activkode.catalogue import read as catalogue
from activkode.catalogue import support_check
from activkode.core import idempotency
from activkode.core.errors import Code, Refusal
from activkode.doors.people.dashboard import forms
from activkode.doors.people.refusals import tell
from activkode.doors.people.visitor import user_id

_PAGE = 48


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Services that fit, with their lowest price."""
    form = forms.Search(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    page = asked.get("page") or 1
    found = catalogue.search(
        asked.get("q", ""),
        country=asked.get("country") or None,
        kind=asked.get("kind") or None,
        limit=_PAGE + 1,
        offset=(page - 1) * _PAGE,
    )
    context = {
        "asked": asked,
        "found": found[:_PAGE],
        "countries": catalogue.offered_countries(),
        "page": page,
        "more": len(found) > _PAGE,
        "query": urlencode({name: asked[name] for name in ("q", "country", "kind") if asked.get(name)}),
    }
    return render(request, "dashboard/rent.html", context)


@require_safe
def offers(request: HttpRequest, service: str) -> HttpResponse:
    """What is offered for a service, and whether it takes virtual numbers, before money moves (POLICY 2.1.12)."""
    form = forms.Search(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    country, kind = asked.get("country") or None, asked.get("kind") or None
    found = catalogue.offers(service, country, kind)
    context = {
        "service": service,
        "name": catalogue.names({service}).get(service, service),
        "check": support_check.check(service, country),
        "offers": [(offer, forms.new_key()) for offer in found],
        "countries": catalogue.offered_countries(service),
        "asked": asked,
        "default_window": FIGURES[Figure.WINDOW_SECONDS],
    }
    return render(request, "dashboard/offers.html", context)


@require_POST
def open_one(request: HttpRequest) -> HttpResponse:
    """Rents the offer of the form at the price that it showed; a second click gives the same activation."""
    form = forms.Rent(request.POST)
    try:
        if not form.is_valid():
            raise Refusal(Code.INVALID_REQUEST)
        answer = operations.open(user_id(request), _rent(form), _key(form))
    except Refusal as refusal:
        tell(request, refusal)
        return redirect(_back(form))
    if answer.replayed:
        messages.info(request, "This was sent twice. You paid once; here is your activation.")
    return redirect("activation", answer.activation.id)


def _rent(form: forms.Rent) -> operations.Rent:
    asked = form.cleaned_data
    return operations.Rent(
        service=asked["service"],
        country=asked["country"] or None,
        operator=asked["operator"],
        kind=asked["kind"],
        max_price_micros=asked["price"],
        acknowledge_banned=asked["acknowledge"],
    )


def _key(form: forms.Rent) -> idempotency.Key | None:
    asked = dict(form.cleaned_data)
    text = asked.pop("key")
    return idempotency.key(
        text, f"POST {reverse('activation_open')}", urlencode(sorted(asked.items())).encode()
    )


def _back(form: forms.Rent) -> str:
    service = form.cleaned_data.get("service") if hasattr(form, "cleaned_data") else None
    return reverse("rent_service", args=[service]) if service else reverse("rent")
