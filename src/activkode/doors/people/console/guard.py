"""Lets staff into the console, each only to what identity/permissions.py allows. Every page there goes through this.

Must never let anybody act on their own customer account.
"""

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from activkode.core.errors import Code, Refusal
from activkode.doors.people.visitor import SECOND_FACTOR, user
from activkode.identity.permissions import Action, may
from activkode.identity.read import has_second_factor

View = Callable[..., HttpResponse]


def needs(action: Action) -> Callable[[View], View]:
    """For a view: only staff whose role holds the action; customers learn nothing of the console."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            person = user(request)
            if not person.is_staff:
                raise Refusal(Code.NOT_FOUND)
            if not may(person.role, action):
                raise Refusal(Code.FORBIDDEN, f"Your role does not include: {action}.")
            request.META[SECOND_FACTOR] = has_second_factor(person.id)
            if settings.STAFF_NEED_SECOND_FACTOR and not request.META[SECOND_FACTOR]:
                messages.warning(request, "The console opens once you have set up a second factor.")
                return redirect("mfa_index")
            return view(request, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def actor(request: HttpRequest) -> str:
    """How the audit log calls the person who acts."""
    return user(request).email


def not_oneself(request: HttpRequest, customer_id: int) -> None:
    """Raises Refusal(forbidden) where staff would act on their own customer account."""
    if user(request).id == customer_id:
        raise Refusal(Code.FORBIDDEN, "Nobody acts on their own account. Ask a colleague.")
