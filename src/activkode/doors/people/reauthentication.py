"""Asks a person again who they are before money may leave: the password, and the second factor where one is set, both given
within the last minutes. How long the session has been open counts for nothing (POLICY 2.3.4).
"""

import functools
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from activkode.doors.people.visitor import user
from activkode.identity.read import has_second_factor

FRESH_SECONDS = 5 * 60

View = Callable[..., HttpResponse]


def demanded(view: View) -> View:
    """For a view: who has not just proven again who they are is sent to do so, and comes back. A form that was sent too
    late is sent anew, by hand: nothing is confirmed by coming back."""

    @functools.wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        where = missing(request)
        if where is None:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            messages.info(
                request, "Some minutes have passed. Confirm that it is you, and then send it again."
            )
        return redirect(f"{reverse(where)}?{urlencode({'next': request.path})}")

    return asked


def missing(request: HttpRequest) -> str | None:
    """Where the next proof is to be given: the name of its page; None where all of them are fresh. Raises TryLater."""
    fresh = {record.get("method") for record in _records(request) if _is_fresh(record)}
    if "password" not in fresh:
        return "account_reauthenticate"
    if has_second_factor(user(request).id) and "mfa" not in fresh:
        return "mfa_reauthenticate"
    return None


def _records(request: HttpRequest) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = get_authentication_records(request, user(request))
    return [record for record in found if record.get("reauthenticated")]


def _is_fresh(record: dict[str, Any]) -> bool:
    return 0 <= time.time() - float(record.get("at", 0)) < FRESH_SECONDS
