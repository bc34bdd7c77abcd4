"""What every answer carries: a request id, a strict content policy, and no place in any cache.

Must stand before all other middleware, so that errors and static files carry the same.
"""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

REQUEST_ID = "activkode.request_id"
# No inline script or style, nothing from elsewhere; `data:` images are the QR code of an authenticator app.
CONTENT_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


class Answers:
    """Adds the headers; the request id is in META for pages and the log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META[REQUEST_ID] = secrets.token_hex(8)
        response = self._get_response(request)
        response["Request-Id"] = request.META[REQUEST_ID]
        # A file of a stranger's brings a stricter one of its own.
        response.setdefault("Content-Security-Policy", CONTENT_POLICY)
        response["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
        # Balances, codes and keys of a signed-in person; `back` must not show them after a sign-out.
        response.setdefault("Cache-Control", "no-store")
        return response
