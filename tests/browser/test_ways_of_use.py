"""The same pages without JavaScript, by keyboard, without a connection, and after signing out elsewhere."""

import re

from playwright.sync_api import expect

from browser.conftest import Visit
from faults.machine import Machine

SOON = 10_000


def test_everything_works_without_javascript(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer, java_script_enabled=False)
    page.goto("/rent/demo-instant/")
    page.get_by_role("button", name=re.compile("United Kingdom")).click()
    expect(page.get_by_text("until", exact=False).first).to_be_visible()

    expect(page.locator("#code")).to_have_text(
        re.compile(r"^\d{6}$"), timeout=SOON
    )  # the page asks again by itself

    page.get_by_role("button", name="Done").click()
    expect(page.get_by_text("Completed.")).to_be_visible()


def test_a_cancel_without_javascript_refunds(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer, java_script_enabled=False)
    page.goto("/rent/demo-silent/")
    page.get_by_role("button", name=re.compile("United Kingdom")).click()

    page.get_by_role("button", name="Cancel").click()

    expect(page.locator("#refund-amount")).to_have_text("$0.25")


def test_the_keyboard_alone_rents_and_cancels(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer)
    page.goto("/rent/demo-silent/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText").startswith("Rent"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    page.keyboard.press("Enter")
    page.wait_for_url("**/activations/act_*/")

    page.locator("#cancel").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Refunded")).to_be_visible()
    assert outline == "solid"


def test_the_focus_stays_where_it_was_when_news_come(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer)
    page.goto("/rent/demo-instant/")
    page.get_by_role("button", name=re.compile("United Kingdom")).click()
    page.locator("#copy-address").focus()

    expect(page.locator("#code")).to_be_visible(timeout=SOON)

    expect(page.locator("#copy-address")).to_be_focused()


def test_a_lost_connection_is_said_and_made_good(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer)
    page.goto("/rent/demo-instant/")
    page.get_by_role("button", name=re.compile("United Kingdom")).click()
    page.wait_for_url("**/activations/act_*/")

    page.context.set_offline(True)
    expect(page.locator("#announce")).to_have_text("No connection. Trying again.", timeout=20_000)
    expect(page.locator("#live.offline")).to_be_visible()
    page.context.set_offline(False)

    expect(page.locator("#code")).to_be_visible(timeout=20_000)
    expect(page.locator("#live.offline")).to_have_count(0)


def test_who_is_signed_out_elsewhere_is_led_to_the_sign_in(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer)
    page.goto("/rent/demo-silent/")
    page.get_by_role("button", name=re.compile("United Kingdom")).click()
    page.wait_for_url("**/activations/act_*/")
    watched = page.url

    page.context.clear_cookies()

    page.wait_for_url(re.compile(r"/accounts/login/\?next=/activations/act_"), timeout=SOON)
    page.get_by_label("Email").fill(customer["email"])
    page.get_by_label("Password").fill(customer["password"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url(watched)
    page.get_by_role("button", name="Cancel").click()


def test_without_money_one_is_told_what_is_missing(visit: Visit, machine: Machine) -> None:
    page = visit(machine.demo()["empty_customer"])
    expect(page.get_by_text("Your balance is empty.")).to_be_visible()
    page.goto("/rent/demo-instant/")

    page.get_by_role("button", name=re.compile("United Kingdom")).click()

    expect(page.get_by_role("alert")).to_have_text(
        "The price is $0.25 and your balance has $0.00 to spend. Nothing was charged."
    )


def test_a_banning_service_asks_for_the_tick(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer)
    page.goto("/rent/demo-consent/")
    expect(page.locator(".check .chip")).to_have_text("Bans virtual numbers")

    page.get_by_role("button", name=re.compile("United Kingdom")).click()
    assert page.url.endswith("/rent/demo-consent/")  # the browser asks for the tick
    page.get_by_label(re.compile("I know that")).first.check()
    page.get_by_role("button", name=re.compile("United Kingdom")).click()

    page.wait_for_url("**/activations/act_*/")
    page.get_by_role("button", name="Cancel").click()
