"""What anybody can read: the policy from its data, the status as it is, the support check."""

import html

import pytest
from django.test import Client
from django.urls import reverse

import cast
from activkode.activations.policy import RULES
from activkode.core import sql
from activkode.schema.document import document

pytestmark = pytest.mark.django_db


def _page(name: str, **query: str) -> str:
    return html.unescape(Client().get(reverse(name), query).content.decode())


def test_the_policy_page_holds_every_clause_with_route_and_time() -> None:
    page = _page("policy")

    for clause in document()["clauses"]:
        assert f'id="{clause["name"]}"' in page
        assert clause["situation"] in page and clause["within"] in page


def test_the_policy_page_holds_every_rule_that_moves_something() -> None:
    page = _page("policy")

    for rule in RULES:
        assert rule.to is None or rule.why in page


def test_the_policy_page_states_figures_from_their_one_home(monkeypatch: pytest.MonkeyPatch) -> None:
    from activkode.activations import policy

    monkeypatch.setitem(policy.FIGURES, policy.Figure.WINDOW_SECONDS, 17 * 60)

    assert "<dd>17 min</dd>" in _page("policy")
    assert "<dd>20 min</dd>" not in _page("policy")


def test_the_policy_page_says_how_to_top_up() -> None:
    page = _page("policy")
    topups = document()["topups"]

    for asset in topups["assets"]:
        assert asset["name"] in page and asset["network"] in page
    for rule in topups["rules"]:
        assert rule["why"] in page
    for said in (
        "2 blocks, about 20 minutes",
        "above $1000.00: 6 blocks",
        "the network’s own finality",
    ):
        assert said in page


def test_the_policy_page_states_figures_of_top_ups_from_their_one_home(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from activkode.funding import policy

    monkeypatch.setitem(policy.FIGURES, policy.Figure.TOPUP_LEAST_MICROS, 7_770_000)
    monkeypatch.setitem(policy.FIGURES, policy.Figure.RATE_SOURCES, 41)

    page = _page("policy")
    assert "$7.77" in page and "41 sources" in page and "$1.00" not in page


def test_the_status_page_shows_delays_beside_the_promise() -> None:
    assert "No window has ended without a code" in _page("status")

    sql.execute(
        "insert into core_figure (name, value, computed_at) values ('refund_delay',"
        """ '{"p50_ms": 700, "p99_ms": 2400, "max_ms": 9100, "promise_ms": 120000, "count": 41, "kept": 41}', fn.now())"""
    )
    page = _page("status")

    for shown in ("0.7 s", "2.4 s", "9.1 s", "2 min", "41 of 41"):
        assert shown in page


def test_the_landing_page_lists_what_is_offered() -> None:
    cast.shelf()

    page = _page("landing")

    assert "Shop" in page and "from $1.00" in page


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("shop", "Accepts virtual numbers"),
        ("bank", "It cannot be rented here."),
        ("club", "open here only with your explicit acknowledgement"),
        ("plain", "We do not know"),
        ("nowhere", "not offered"),
    ],
)
def test_the_support_check_tells_verdict_and_reasons(service: str, told: str) -> None:
    cast.shelf()

    assert told in _page("support_check", service=service)


def test_the_help_page_leads_to_the_description_of_the_api() -> None:
    assert "/v1/openapi.json" in _page("help")
