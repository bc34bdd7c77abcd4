"""What stands on every page around its content: the balance, where one is, whom to write to."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from activkode.activations import policy
from activkode.doors.people.visitor import SECOND_FACTOR, is_staff, user_id
from activkode.ledger import read as ledger


def frame(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame; the balance is asked for only where a page shows it."""
    signed_in = request.user.is_authenticated if hasattr(request, "user") else False
    return {
        "balance": SimpleLazyObject(lambda: ledger.balance(user_id(request))) if signed_in else None,
        "section": request.path.split("/")[1],
        "staff": signed_in and is_staff(request),
        "lacks_second_factor": request.META.get(SECOND_FACTOR) is False,
        "contact_email": settings.CONTACT_EMAIL,
        "machines_url": settings.MACHINES_URL,
        "policy_version": policy.VERSION,
    }
