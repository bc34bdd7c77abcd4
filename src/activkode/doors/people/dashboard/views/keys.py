"""API keys: made after a recent sign-in, shown once, revoked at once."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from activkode.core.errors import Refusal
from activkode.doors.people.dashboard import forms
from activkode.doors.people.refusals import tell
from activkode.doors.people.visitor import user_id
from activkode.identity import keys


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """The keys by their names, never the keys themselves."""
    return _page(request, forms.NewKey())


@require_POST
@reauthentication_required  # type: ignore[untyped-decorator]
def create(request: HttpRequest) -> HttpResponse:
    """A new key, on this one page and never again: it is neither stored nor put into the session."""
    form = forms.NewKey(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    name = form.cleaned_data["name"]
    return _page(request, forms.NewKey(), made=keys.create(user_id(request), name), name=name)


@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    """Ends a key at once."""
    try:
        keys.revoke(user_id(request), key_id)
    except Refusal as refusal:
        tell(request, refusal)
    else:
        messages.success(request, "The key is revoked. Programs that use it are refused from now on.")
    return redirect("keys")


def _page(request: HttpRequest, form: forms.NewKey, status: int = 200, **made: str) -> HttpResponse:
    found = keys.of(user_id(request))
    context = {
        "form": form,
        "in_force": [key for key in found if key.revoked_at is None],
        "revoked": [key for key in found if key.revoked_at is not None],
        **made,
    }
    return render(request, "dashboard/keys.html", context, status=status)
