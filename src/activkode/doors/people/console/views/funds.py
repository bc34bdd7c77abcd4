"""The state of what top-ups rest on: chains and rates, and whether the house holds what it owes."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from activkode.core import read as core
from activkode.doors.people.console.guard import needs
from activkode.doors.people.receipts.facts import source_text
from activkode.funding import read, words
from activkode.funding import solvency as report
from activkode.funding.policy import BY_CHAIN, FIGURES, Figure
from activkode.identity.permissions import Action


@require_safe
@needs(Action.SEE_TOPUPS)
def chains(request: HttpRequest) -> HttpResponse:
    """How far each chain was read, the trouble of its node, and what each asset is worth by whom."""
    now = core.now()
    context = {
        "chains": [
            {
                "one": one,
                "behind": max(0, one.head_height - one.cursor_height),
                "age": None if one.head_at is None else max(0, int((now - one.head_at).total_seconds())),
                "usual": BY_CHAIN[one.name].block_seconds,
            }
            for one in read.chains()
        ],
        "rates": [
            {
                "one": one,
                "rate": words.rate(one.rate, one.asset) if one.rate is not None else "",
                "sources": [source_text(source) for source in one.sources],
                "age": None if one.oldest_at is None else max(0, int((now - one.oldest_at).total_seconds())),
            }
            for one in read.rates()
        ],
        "rate_age_seconds": FIGURES[Figure.RATE_AGE_SECONDS],
    }
    return render(request, "console/chains.html", context)


@require_safe
@needs(Action.SEE_TOPUPS)
def solvency(request: HttpRequest) -> HttpResponse:
    """What customers could ask for, beside the coins that came and what lies on the watched addresses."""
    found = report.report()
    lines = [
        {
            "one": one,
            "credited": words.coins(one.credited, one.asset),
            "waiting": words.coins(one.waiting, one.asset),
            "balance": None if one.balance is None else words.coins(one.balance, one.asset),
            "outgoing": None if one.outgoing is None else words.coins(one.outgoing, one.asset),
        }
        for one in found.holdings
    ]
    return render(request, "console/solvency.html", {"report": found, "lines": lines})
