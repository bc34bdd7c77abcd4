"""Paying in: a coin's address with what to know before one pays, what was paid so far, and each payment with its receipt."""

from typing import Any

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_safe

from activkode.core import ids
from activkode.core import read as core
from activkode.core.errors import Refusal
from activkode.doors.people.dashboard import forms
from activkode.doors.people.live import answer
from activkode.doors.people.receipts import pdf
from activkode.doors.people.receipts.facts import facts
from activkode.doors.people.receipts.shown import Shown, all_shown, mark, shown
from activkode.doors.people.receipts.timeline import timeline
from activkode.doors.people.refusals import tell
from activkode.doors.people.visitor import user, user_id
from activkode.funding import addresses, keychains, read, words
from activkode.funding.policy import ASSETS, BY_ASSET, BY_CHAIN, Asset, AssetRule
from activkode.support import read as support

_PAGE = 25
_AT_ADDRESS = 10


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Which coins can be paid in, and every payment so far, newest first."""
    customer, before = user_id(request), forms.before(request)
    has = {one.asset for one in read.addresses_of(customer)}
    context = _list(customer, before) | {
        "coins": [
            {"rule": rule, "open": _is_open(rule.asset), "has": rule.asset in has, **_waits(rule)}
            for rule in ASSETS
        ],
        "before": before,
        "least_micros": read.least_micros(),
    }
    return render(request, "dashboard/topups.html", context)


@require_safe
def index_live(request: HttpRequest) -> HttpResponse:
    """The list again, where something changed."""
    context = _list(user_id(request), None)
    return answer(request, context["mark"], "dashboard/topups_live.html", lambda: context)


@require_http_methods(["GET", "HEAD", "POST"])
def address(request: HttpRequest, coin: Asset) -> HttpResponse:
    """The customer's address for a coin; a POST makes it when first asked for, and it is the same one ever after."""
    customer = user_id(request)
    known = _known(customer, coin)
    if request.method != "POST" and known is None:
        return redirect("topups")
    # What is asked for anew comes from the keychain that is in use; what is looked at again stays what it was.
    keychain = known.keychain if known and request.method != "POST" else None
    try:
        given = addresses.give(customer, coin, keychain)
    except Refusal as refusal:
        tell(request, refusal)
        return redirect("topups")
    if request.method == "POST":
        return redirect("topup_address", coin)
    context = _paid(customer, coin, given.address) | _terms(given)
    return render(request, "dashboard/topup_address.html", context)


@require_safe
def address_live(request: HttpRequest, coin: Asset) -> HttpResponse:
    """What came to the address, where something changed."""
    customer = user_id(request)
    known = _known(customer, coin)
    context = _paid(customer, coin, known.address if known else "")
    return answer(request, context["mark"], "dashboard/topup_address_live.html", lambda: context)


@require_safe
def show(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """One payment: how far it is, and its receipt."""
    item = shown(read.topup(user_id(request), deposit_id))
    case = support.about(item.one.customer, deposit_id=deposit_id)
    return render(request, "dashboard/topup.html", _one(item) | {"case": case})


@require_safe
def live(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """The same part of the page again, where something changed."""
    item = shown(read.topup(user_id(request), deposit_id))
    return answer(request, mark([item]), "dashboard/topup_live.html", lambda: _one(item))


@require_safe
def receipt(request: HttpRequest, deposit_id: int) -> HttpResponse:
    """The receipt as a PDF."""
    item = shown(read.topup(user_id(request), deposit_id))
    paper = pdf.receipt(pdf.of_topup(item), user(request).email, core.now())
    name = f"activkode-{ids.show(ids.DEPOSIT, deposit_id)}.pdf"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(paper, content_type="application/pdf", headers=headers)


def _list(customer: int, before: int | None) -> dict[str, Any]:
    found = all_shown(read.topups(customer, before=before, limit=_PAGE + 1))
    page = found[:_PAGE]
    return {
        "found": page,
        "older": page[-1].one.id if len(found) > _PAGE else None,
        "mark": mark(page),
        "under_way": any(item.is_open for item in page),
    }


def _paid(customer: int, coin: Asset, place: str) -> dict[str, Any]:
    found = all_shown(read.topups(customer, address=place, limit=_AT_ADDRESS))
    return {
        "coin": coin,
        "found": found,
        "mark": mark(found),
    }


def _terms(given: addresses.DepositAddress) -> dict[str, Any]:
    rule = BY_ASSET[given.asset]
    return {
        "given": given,
        "rule": rule,
        "symbol": words.symbol(given.asset),
        "qr": _qr(given.uri, f"QR code of your {rule.name} address"),
        "fake_payment": forms.FakePayment() if settings.DEMO_PAY_URL else None,
        **_waits(rule),
    }


def _one(item: Shown) -> dict[str, Any]:
    return {
        "item": item,
        "steps": timeline(item),
        "facts": facts(item),
        "mark": mark([item]),
        "title": pdf.title(item),
    }


def _known(customer: int, coin: Asset) -> read.Issued | None:
    """The address that was shown last: where the house has changed its keychain, the old one stays good (POLICY 2.2.4)."""
    return next((one for one in read.addresses_of(customer) if one.asset == coin), None)


def _is_open(coin: Asset) -> bool:
    try:
        keychains.of(coin)
    except Refusal:
        return False
    return True


def _waits(rule: AssetRule) -> dict[str, Any]:
    chain = BY_CHAIN[rule.chain]
    usual, deep = words.confirmations(chain)
    return {"usual": usual, "deep": deep, "deep_above_micros": chain.deep_above_micros}


def _qr(uri: str, title: str) -> str:
    code = segno.make(uri, error="m", micro=False)
    drawn = code.svg_inline(omitsize=True, svgclass="qr", lineclass=None, border=2, title=title)
    return mark_safe(drawn)  # noqa: S308 - drawn by segno, which escapes the title; the address is in the dots
