"""The live part of a page: a fragment that the browser asks for again, answered only where it changed.

Short polling, since an open stream would hold one of this door's threads (streams are the machines' door's).
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def answer(
    request: HttpRequest, mark: str, template: str, context: Callable[[], dict[str, Any]]
) -> HttpResponse:
    """204 where the browser's mark is still true, else the fragment with its new mark. The context is asked for only
    then: most questions have no news for an answer."""
    if request.GET.get("after") == mark:
        return HttpResponse(status=204)
    return render(request, template, context() | {"mark": mark})
