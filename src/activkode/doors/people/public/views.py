"""Pages for everybody: what this is, the promise, how it is kept, and what a service takes."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activkode.activations.policy import FIGURES, Figure
from activkode.catalogue import read as catalogue
from activkode.catalogue import support_check as support
from activkode.core import holidays as core_holidays
from activkode.core import read as core
from activkode.core import status as core_status
from activkode.core.errors import Refusal
from activkode.doors.people import words
from activkode.doors.people.cases.forms import kinds as case_kinds
from activkode.doors.people.payments import words as payment_words
from activkode.doors.people.public.forms import Check
from activkode.funding import words as topup_words
from activkode.funding.policy import ChainRule
from activkode.schema.document import document

_ON_LANDING = 8


@login_not_required
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, with the promise as it was kept in the last days."""
    context = {
        "status": core_status.read(),
        "services": catalogue.search(limit=_ON_LANDING),
        "window_seconds": FIGURES[Figure.WINDOW_SECONDS],
        "promise_seconds": FIGURES[Figure.EXPIRY_PROMISE_SECONDS],
    }
    return render(request, "public/landing.html", context)


@login_not_required
@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """The policy from the data that the code decides by."""
    data = document()
    context = {
        "version": data["version"],
        "refunded": [clause for clause in data["clauses"] if clause["name"].startswith("refund.")],
        "kept": [clause for clause in data["clauses"] if clause["name"].startswith("keep.")],
        "figures": data["figures"],
        "rules": _rules(data["rules"]),
        "topups": _topups(data["topups"]),
        "withdrawals": _withdrawals(data["withdrawals"]),
        "cases": _cases(data["cases"]),
        "leaving": [clause for clause in data["clauses"] if clause["name"].startswith("withdrawal.")],
        "decided": [
            clause for clause in data["clauses"] if clause["name"].startswith(("pay.", "credit.", "answer."))
        ],
    }
    return render(request, "public/policy.html", context)


@login_not_required
@require_safe
def holidays(request: HttpRequest) -> HttpResponse:
    """The days that are no business days, from this year on: what due dates are counted with (POLICY 2.3.9)."""
    today = core.now().date()
    found = core_holidays.published(today.replace(month=1, day=1))
    years: dict[int, list[core_holidays.Holiday]] = {}
    for one in found:
        years.setdefault(one.day.year, []).append(one)
    return render(request, "public/holidays.html", {"years": years, "today": today})


@login_not_required
@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """The promise beside what was measured."""
    context = {"status": core_status.read(), "promise_seconds": FIGURES[Figure.EXPIRY_PROMISE_SECONDS]}
    return render(request, "public/status.html", context)


@login_not_required
@require_safe
def support_check(request: HttpRequest) -> HttpResponse:
    """Whether a service takes virtual numbers, as far as is known."""
    form = Check(request.GET)
    context: dict[str, Any] = {"services": catalogue.services(), "countries": catalogue.offered_countries()}
    if request.GET and form.is_valid():
        context |= {"asked": form.cleaned_data} | _checked(form)
    return render(request, "public/support_check.html", context, status=404 if "told" in context else 200)


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How to do it by hand and by program."""
    return render(request, "public/help.html", {"figures": document()["figures"]})


def _checked(form: Check) -> dict[str, Any]:
    service = form.cleaned_data["service"]
    try:
        found = support.check(service, form.cleaned_data["country"] or None)
    except Refusal as refusal:
        return {"told": words.told(refusal)}
    return {"check": found, "name": catalogue.names({service}).get(service, service)}


def _rules(rules: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Only what changes something, by state, in words."""
    moved = [rule for rule in rules if rule["to"] is not None]
    return [
        rule | {"event_word": words.EVENTS[rule["event"]], "money": words.MONEY.get(rule["movement"])}
        for rule in moved
    ]


def _withdrawals(data: dict[str, Any]) -> dict[str, Any]:
    """The policy of withdrawals: figures, and rules with the states that share one."""
    rules: dict[tuple[str, str, str], dict[str, Any]] = {}
    for rule in data["rules"]:
        shared = rules.setdefault((rule["event"], rule["to"], rule["why"]), rule | {"states": []})
        shared["states"].append(payment_words.STATES[rule["state"]])
    named = [
        rule
        | {"event_word": payment_words.EVENTS[rule["event"]], "to_word": payment_words.STATES[rule["to"]]}
        for rule in rules.values()
    ]
    return {"figures": data["figures"], "rules": named}


def _cases(data: dict[str, Any]) -> dict[str, Any]:
    """The policy of cases: kinds in plain words, and figures."""
    kinds = [(name, told) for _, name, told in case_kinds("")]
    return {"figures": data["figures"], "kinds": kinds}


def _topups(data: dict[str, Any]) -> dict[str, Any]:
    """The policy of top-ups: assets with what is waited for, figures, and rules with the states that share one."""
    chains = {chain["chain"]: chain for chain in data["chains"]}
    assets = []
    for asset in data["assets"]:
        chain = ChainRule(**chains[asset["chain"]])
        usual, deep = topup_words.confirmations(chain)
        assets.append(asset | {"usual": usual, "deep": deep, "deep_above_micros": chain.deep_above_micros})
    rules: dict[tuple[str, str, str], dict[str, Any]] = {}
    for rule in _rules(data["rules"]):
        shared = rules.setdefault((rule["event"], rule["to"], rule["why"]), rule | {"states": []})
        shared["states"].append(words.STATES.get(rule["state"], "New"))
    return {"assets": assets, "figures": data["figures"], "rules": list(rules.values())}
