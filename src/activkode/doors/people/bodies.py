"""Refuses bodies that no form of ours sends, before a byte of them is read."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

from activkode.doors.people.refusals import too_large

MOST_BYTES = 1_000_000
_SCREENSHOTS = 32_000_000
# A file of a million numbers has some forty bytes a line; screenshots come a few at a time (POLICY 2.4.8).
LARGER = (
    (re.compile(r"/console/imports/new/"), 64_000_000),
    (re.compile(r"/console/withdrawals/signed/"), 8_000_000),
    (re.compile(r"/cases/new/"), _SCREENSHOTS),
    (re.compile(r"/cases/case_[0-9]{1,18}/(messages|reopening)/"), _SCREENSHOTS),
)


class Bodies:
    """Looks at Content-Length alone: what a peer sends beyond it is not read either."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        announced = request.META.get("CONTENT_LENGTH") or "0"
        fits = (most for path, most in LARGER if path.fullmatch(request.path_info))
        most = next(fits, MOST_BYTES)
        is_number = announced.isascii() and announced.isdigit() and len(announced) < 20
        if not is_number or int(announced) > most:
            return too_large(request)
        return self._get_response(request)
