"""The demo's "pay" button: asks the fake chains to pay an amount to the customer's own address. Without
ACTIVKODE_DEMO_PAY_URL there is no such page; must never be more than a way to try the real one.
"""

import httpx
import structlog
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from activkode.core.errors import Code, Refusal
from activkode.doors.people.dashboard import forms
from activkode.doors.people.visitor import user_id
from activkode.funding import read
from activkode.funding.policy import BY_ASSET, Asset

log = structlog.get_logger("activkode.people")

_TIMEOUT_SECONDS = 5.0


@require_POST
def pay(request: HttpRequest, coin: Asset) -> HttpResponse:
    """Pays from a fake wallet; what comes of it appears by itself. Raises Refusal(not_found)."""
    if not settings.DEMO_PAY_URL:
        raise Refusal(Code.NOT_FOUND)
    own = next((one for one in read.addresses_of(user_id(request)) if one.asset == coin), None)
    if own is None:
        raise Refusal(Code.NOT_FOUND)
    form = forms.FakePayment(request.POST)
    trouble = _trouble(form, coin) or _ask(coin, own.address, form.cleaned_data["amount"])
    if trouble:
        messages.error(request, trouble)
    else:
        messages.success(request, "The fake wallet has paid. It appears below within two seconds.")
    return redirect("topup_address", coin)


def _trouble(form: forms.FakePayment, coin: Asset) -> str:
    if not form.is_valid():
        return str(next(iter(form.errors.values()))[0])
    most = BY_ASSET[coin].decimals
    if len(form.cleaned_data["amount"].partition(".")[2]) > most:
        return f"{BY_ASSET[coin].name} has at most {most} decimals."
    return ""


def _ask(coin: Asset, address: str, amount: str) -> str:
    """Empty where the fake chain has taken the payment."""
    asked = {"asset": str(coin), "address": address, "amount": amount}
    try:
        answer = httpx.post(settings.DEMO_PAY_URL, json=asked, timeout=_TIMEOUT_SECONDS, trust_env=False)
        answer.raise_for_status()
        answer.json()["tx"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        log.warning("demo.fake_wallet", coin=coin, error=type(error).__name__)
        return "The fake wallet did not pay: the fake chain did not answer as it should. Try again."
    return ""
