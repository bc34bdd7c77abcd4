"""Services and their prices. What was sold stays as bought; each change goes into the audit log."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from activkode.catalogue import kept, operations
from activkode.catalogue.read import countries
from activkode.core.errors import Refusal
from activkode.doors.people.console import forms
from activkode.doors.people.console.guard import actor, needs
from activkode.identity.permissions import Action

_GET_AND_POST = ("GET", "HEAD", "POST")


@require_safe
@needs(Action.EDIT_CATALOGUE)
def index(request: HttpRequest) -> HttpResponse:
    """All services, closed ones too."""
    return render(request, "console/services.html", {"services": kept.services()})


@require_http_methods(_GET_AND_POST)
@needs(Action.EDIT_CATALOGUE)
def create(request: HttpRequest) -> HttpResponse:
    """A new service; a code that is taken already is refused, so that nothing is overwritten by mistake."""
    form = forms.Service(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not _exists(form.cleaned_data["code"]):
            return _save(request, form)
        form.add_error("code", "There is a service of this code already.")
    return render(request, "console/service_new.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(_GET_AND_POST)
@needs(Action.EDIT_CATALOGUE)
def edit(request: HttpRequest, service: str) -> HttpResponse:
    """One service and its offers."""
    line = kept.service(service)
    if request.method == "POST":
        form = forms.Service(request.POST.dict() | {"code": service})
        if form.is_valid():
            return _save(request, form)
        return _page(request, service, form, forms.Offer(countries=countries()), status=422)
    form = forms.Service(initial=_initial(line))
    return _page(request, service, form, forms.Offer(countries=countries()))


@require_POST
@needs(Action.EDIT_CATALOGUE)
def save_offer(request: HttpRequest, service: str) -> HttpResponse:
    """A new price, or another price of the same choice."""
    line = kept.service(service)
    form = forms.Offer(request.POST, countries=countries())
    if not form.is_valid():
        return _page(request, service, forms.Service(initial=_initial(line)), form, status=422)
    operations.save_offer(form.value(service), actor=actor(request))
    messages.success(request, "The offer is saved.")
    return redirect("console_service", service)


def _save(request: HttpRequest, form: forms.Service) -> HttpResponse:
    value = form.value()
    operations.save_service(value, actor=actor(request))
    messages.success(request, f"{value.name} is saved.")
    return redirect("console_service", value.code)


def _page(
    request: HttpRequest, service: str, form: forms.Service, offer: forms.Offer, status: int = 200
) -> HttpResponse:
    form.fields["code"].disabled = True  # programs know it
    form.initial.setdefault("code", service)
    context = {"form": form, "offer": offer, "service": service, "offers": kept.offers(service)}
    return render(request, "console/service.html", context, status=status)


def _initial(line: kept.ServiceLine) -> dict[str, object]:
    return {field: getattr(line, field) for field in forms.Service.base_fields} | {
        "senders": "\n".join(line.senders)
    }


def _exists(code: str) -> bool:
    try:
        kept.service(code)
    except Refusal:
        return False
    return True
