"""The main job as a customer does it: the code appears by itself, or the money comes back by itself."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from activkode.core.money import micros
from browser.conftest import Visit

Shot = Callable[[Page, str], None]
SOON = 6_000
# Set on a page by script; a reload would forget it.
KEEP, IS_KEPT = "window.kept = true", "window.kept === true"


def _rent(page: Page, name: str, kind: str = "United Kingdom") -> None:
    """Finds a service by its name and rents the first offer of a kind."""
    page.get_by_role("link", name="Rent", exact=True).first.click()
    page.get_by_label("Service").fill(name)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile(name)).click()
    expect(page.get_by_role("heading", name="Support check")).to_be_visible()
    offer = page.get_by_role("listitem").filter(has_text=kind)
    offer.get_by_role("button", name=re.compile("^Rent")).click()
    page.wait_for_url("**/activations/act_*/")


def _balance(page: Page) -> int:
    return micros(page.locator(".purse [data-balance]").inner_text().removeprefix("$"))


def test_a_code_appears_without_a_reload(visit: Visit, customer: dict[str, str], shot: Shot) -> None:
    page = visit(customer, permissions=["clipboard-read", "clipboard-write"])
    before = _balance(page)
    _rent(page, "Demo Instant")
    page.evaluate(KEEP)
    shot(page, "activation-waiting")

    expect(page.locator("#code")).to_have_text(re.compile(r"^\d{6}$"), timeout=SOON)

    code = page.locator("#code").inner_text()
    expect(page.locator("#announce")).to_have_text(f"Code {code} received.")
    assert page.evaluate(IS_KEPT) and code in page.title()
    page.get_by_role("button", name="Copy code").click()
    assert page.evaluate("navigator.clipboard.readText()") == code
    assert _balance(page) == before - 250_000
    shot(page, "activation-code")


def test_a_number_is_copied_as_it_is_dialled(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer, permissions=["clipboard-read", "clipboard-write"])
    _rent(page, "Demo Silent")

    page.get_by_role("button", name="Copy Phone number").click()

    assert re.fullmatch(r"\+44\d{10}", page.evaluate("navigator.clipboard.readText()"))
    page.get_by_role("button", name="Cancel").click()


def test_cancel_refunds_at_once(visit: Visit, customer: dict[str, str], shot: Shot) -> None:
    page = visit(customer)
    before = _balance(page)
    _rent(page, "Demo Silent")
    assert _balance(page) == before - 250_000

    page.get_by_role("button", name="Cancel").click()

    expect(page.get_by_role("heading", name="Refunded")).to_be_visible()
    expect(page.locator("#refund-amount")).to_have_text("$0.25")
    expect(page.get_by_role("link", name="refund.cancelled")).to_be_visible()
    assert _balance(page) == before
    shot(page, "activation-cancelled")


def test_an_expiry_is_refunded_while_one_watches(visit: Visit, customer: dict[str, str], shot: Shot) -> None:
    page = visit(customer)
    before = _balance(page)
    _rent(page, "Demo Short")
    page.evaluate(KEEP)
    expect(page.locator(".window [data-countdown]")).to_have_text(re.compile(r"00:0\d left"))

    expect(page.get_by_role("heading", name="Refunded")).to_be_visible(timeout=15_000)

    assert page.evaluate(IS_KEPT)
    expect(page.get_by_role("link", name="refund.expired")).to_be_visible()
    expect(page.locator("#announce")).to_contain_text("$0.25 is back in your balance.")
    assert _balance(page) == before
    shot(page, "activation-expired")


def test_a_mail_brings_its_code_too(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer)
    _rent(page, "Demo Instant", kind="mail.activkode.example")

    expect(page.locator("#code")).to_have_text(re.compile(r"^\d{6}$"), timeout=SOON)


def test_a_message_without_a_code_is_shown_when_it_is_asked_for(
    visit: Visit, customer: dict[str, str], shot: Shot
) -> None:
    page = visit(customer)
    _rent(page, "Demo Nocode")
    expect(page.get_by_text("No code was recognised in this message")).to_be_visible(timeout=SOON)
    expect(page.get_by_text("Welcome to DemoNocode")).to_have_count(0)
    shot(page, "activation-hidden-message")

    page.get_by_role("button", name="Show the message").click()

    expect(page.get_by_text("Welcome to DemoNocode")).to_be_visible()
    expect(page.get_by_role("heading", name="Fulfilled")).to_be_visible()


def test_a_second_code_in_the_window_costs_nothing(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer)
    _rent(page, "Demo Two")
    first = page.locator("#code").inner_text(timeout=SOON)
    after_first = _balance(page)

    expect(page.locator("#code")).not_to_have_text(first, timeout=15_000)

    assert _balance(page) == after_first
    page.get_by_role("button", name="Done").click()
    expect(page.locator(".chip", has_text="Completed")).to_be_visible()


def test_a_double_click_rents_once(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer)
    before = _balance(page)
    page.goto("/rent/demo-silent/")

    page.get_by_role("button", name=re.compile("United Kingdom")).dblclick()
    page.wait_for_url("**/activations/act_*/")

    assert _balance(page) == before - 250_000
    page.get_by_role("button", name="Cancel").click()


def test_the_overview_is_live(visit: Visit, customer: dict[str, str], shot: Shot) -> None:
    page = visit(customer)
    _rent(page, "Demo Instant")
    number = page.locator(".number").inner_text()
    page.goto("/overview/")
    page.evaluate(KEEP)

    expect(page.locator(".ticket", has_text=number).locator(".ticket-code")).to_be_visible(timeout=SOON)

    assert page.evaluate(IS_KEPT)
    shot(page, "overview")


def test_the_statement_adds_up(visit: Visit, customer: dict[str, str], shot: Shot) -> None:
    page = visit(customer)
    page.goto("/statement/")

    for account in ("Cash", "Promotional", "Held"):
        cells = page.locator(f"td[data-label='{account}']").evaluate_all(
            "cells => cells.map(cell => Number(cell.dataset.micros))"
        )
        opening, *moved, closing = cells
        assert opening + sum(moved) == closing, account
        assert moved
    cash = page.locator("#closing td[data-label='Cash']").get_attribute("data-micros")
    assert int(cash or 0) == _balance(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV").click()
    assert waiting.value.suggested_filename.endswith(".csv")
    shot(page, "statement")
