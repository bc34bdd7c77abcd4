"""Files of cases by their token alone: no cookie is read or set here, so that nothing in a stranger's file can act for
anybody (FAILURES S08). An image was decoded and encoded again before; anything else is only ever a download.
"""

import re
from collections.abc import Callable
from urllib.parse import quote

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from activkode.core.errors import Refusal
from activkode.support import read

_PATH = re.compile(r"/files/([A-Za-z0-9_-]{32})/")
_CONTENT_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


class Files:
    """Answers before there is a session to be looked at; must stand before the middleware that brings one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        found = _PATH.fullmatch(request.path_info)
        return show(request, found[1]) if found else self._get_response(request)


@login_not_required
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The file, closed off from everything around it."""
    try:
        file, content = read.attachment(token)
    except Refusal:
        # No page of ours: its frame would ask who is signed in.
        return _closed(
            HttpResponse("There is nothing here.", content_type="text/plain; charset=utf-8", status=404)
        )
    answer = HttpResponse(content, content_type=file.media_type)
    how = "inline" if file.image else "attachment"
    answer["Content-Disposition"] = f"{how}; filename*=UTF-8''{quote(file.name, safe='')}"
    return _closed(answer)


def _closed(answer: HttpResponse) -> HttpResponse:
    answer["Content-Security-Policy"] = _CONTENT_POLICY
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
