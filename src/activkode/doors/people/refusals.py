"""Tells a person what was refused, in their terms; must never show or log a secret, nor the inside of a fault.

The log names the route and not the address: addresses of reset mails hold keys.
"""

import sys
from collections.abc import Callable

import structlog
from django.contrib import messages
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.template.loader import render_to_string

from activkode.core.errors import KINDS, Code, Refusal, TryLater
from activkode.doors.people import words
from activkode.doors.people.answers import REQUEST_ID

log = structlog.get_logger("activkode.people")

_AWAY = (TryLater, OperationalError, InterfaceError)
_RETRY_SECONDS = 5


class Refusals:
    """Turns a refusal that a view lets through into a page with its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page of a refusal; None for a fault, which is Django's to report."""
        if isinstance(error, Refusal):
            return page(request, error)
        return _away(request) if isinstance(error, _AWAY) else None


def tell(request: HttpRequest, refusal: Refusal) -> None:
    """Shows a refusal on the next page."""
    _log(request, refusal.kind.status, refusal.code)
    messages.error(request, words.told(refusal))


def page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A page that says what was refused and why."""
    _log(request, refusal.kind.status, refusal.code)
    context = {"status": refusal.kind.status, "told": words.told(refusal), "clause": refusal.clause}
    return render(request, "refused.html", context, status=refusal.kind.status)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such page, or not for this person: the two are told alike."""
    return page(request, Refusal(Code.NOT_FOUND))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Signed in, but without this right."""
    return page(request, Refusal(Code.FORBIDDEN))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A request that no page of ours sends."""
    _log(request, 400, "bad_request")
    return HttpResponse(_bare(request, "This request could not be understood."), status=400)


def too_large(request: HttpRequest) -> HttpResponse:
    """A body that is longer than any form of ours."""
    kind = KINDS[Code.BODY_TOO_LARGE]
    _log(request, kind.status, Code.BODY_TOO_LARGE)
    return HttpResponse(_bare(request, kind.detail), status=kind.status)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that did not come from our own page, or from one that is too old."""
    _log(request, 403, "csrf")
    told = (
        "This form has grown old, or did not come from this site. Go back, reload the page and send it again."
    )
    return HttpResponse(_bare(request, told), status=403)


def fault(request: HttpRequest) -> HttpResponse:
    """A fault of ours; where it is only the database that is away, that is said."""
    error = sys.exc_info()[1]
    if isinstance(error, _AWAY):
        return _away(request)
    log.error("people.fault", request_id=_id(request), route=_route(request), error=type(error).__name__)
    return HttpResponse(_bare(request, "Something went wrong on our side. It has been recorded."), status=500)


def _away(request: HttpRequest) -> HttpResponse:
    _log(request, 503, Code.TRY_LATER)
    response = HttpResponse(_bare(request, KINDS[Code.TRY_LATER].detail), status=503)
    response["Retry-After"] = str(_RETRY_SECONDS)
    return response


def _bare(request: HttpRequest, told: str) -> str:
    # Without the request: the frame of a page asks the database for the balance, which may be what is away.
    return render_to_string("bare.html", {"told": told, "reference": _id(request)})


def _log(request: HttpRequest, status: int, code: str) -> None:
    log.info(
        "people.refused",
        request_id=_id(request),
        method=request.method,
        route=_route(request),
        status=status,
        code=str(code),
    )


def _route(request: HttpRequest) -> str:
    return request.resolver_match.route if request.resolver_match else ""


def _id(request: HttpRequest) -> str:
    return str(request.META.get(REQUEST_ID, ""))
