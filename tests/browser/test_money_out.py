"""Money out and justice as people do it: a withdrawal from the wish over two approvals to the payment on the chain, and a case
from the screenshot to the credit, each while the other side watches.
"""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from browser.conftest import Visit
from browser.test_gallery import CONTRAST, SIZES
from faults.machine import Machine

Shot = Callable[[Page, str], None]
ADDRESS = "0x52908400098527886E0F7030069857D2E4169EE7"
SOON, PAID = 15_000, 120_000
KEEP, IS_KEPT = "window.kept = true", "window.kept === true"


@pytest.fixture
def rich(machine: Machine, customer: dict[str, str]) -> dict[str, str]:
    """The demo's customer with a few hundred dollars more."""
    code, told = machine.run("grant", customer["email"], "300.00", "--reason", "a test", "--kind", "goodwill")
    assert code == 0, told
    return customer


def _look(page: Page, shot: Shot, name: str) -> None:
    """In light and dark, narrow and wide: nothing runs off the side, and everything can be read."""
    for size, viewport in SIZES.items():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size(viewport)  # type: ignore[arg-type]
            shot(page, f"{name}-{scheme}-{size}")
            assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (name, size)
            assert page.evaluate(CONTRAST) == [], (name, scheme)


def _ask(page: Page, amount: str, password: str) -> None:
    """Fills in the form, and confirms who it is."""
    page.goto("/withdrawals/")
    page.locator("label[for=asset_ETH]").click()
    page.get_by_label("Address to pay to").fill(ADDRESS)
    page.get_by_label("Amount in dollars").fill(amount)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Password").fill(password)
    page.get_by_role("main").get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/confirmation/")


def _confirm(page: Page) -> None:
    page.get_by_label("The last 6 characters").fill(ADDRESS[-6:])
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    page.wait_for_url("**/withdrawals/wdr_*/")


def test_a_withdrawal_from_the_wish_over_two_approvals_to_the_payment(
    visit: Visit, machine: Machine, rich: dict[str, str], shot: Shot
) -> None:
    page = visit(rich)
    page.goto("/withdrawals/")
    _look(page, shot, "withdraw-form")
    _ask(page, "200.00", rich["password"])
    _look(page, shot, "withdraw-confirm")

    page.get_by_label("The last 6 characters").fill("E4169E")
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    expect(page.get_by_text("These are not the last 6 characters")).to_be_visible()
    shot(page, "withdraw-confirm-wrong")
    _confirm(page)
    expect(page.get_by_text("0 of 2 approvals")).to_be_visible()
    page.evaluate(KEEP)

    number = page.url.rstrip("/").rpartition("/")[2]
    for place, operator in enumerate(machine.demo()["operators"]):
        staff = visit(operator)
        staff.goto("/console/withdrawals/")
        staff.get_by_role("link", name=number).click()
        if place == 0:
            _look(staff, shot, "console-withdrawal")
        staff.get_by_role("button", name="Approve").click()
        expect(page.get_by_text(f"{place + 1} of 2 approvals")).to_be_visible(timeout=SOON)
    # The demo's signer signs it, and its chain confirms it: all of it without a reload.
    expect(page.locator("#live .chip").first).to_have_text("Paid", timeout=PAID)
    assert page.evaluate(IS_KEPT)
    expect(page.locator(".step.done")).to_have_count(8)
    expect(page.get_by_role("heading", name="Receipt for a withdrawal")).to_be_visible()
    _look(page, shot, "withdrawal-paid")
    page.goto("/statement/")
    expect(page.locator(".movement", has=page.get_by_text("Withdrawn in ether"))).to_have_count(1)
    _look(page, shot, "statement-withdrawn")


def test_without_javascript_by_keyboard_alone_it_is_asked_for_and_cancelled(
    visit: Visit, rich: dict[str, str]
) -> None:
    page = visit(rich, java_script_enabled=False)
    _ask(page, "20.00", rich["password"])
    page.get_by_label("The last 6 characters").fill(ADDRESS[-6:].lower())
    page.keyboard.press("Enter")
    page.wait_for_url("**/withdrawals/wdr_*/")

    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_text("Cancelled. The amount is back in your balance.")).to_be_visible()


def test_a_case_from_the_screenshot_to_the_credit(
    visit: Visit, machine: Machine, customer: dict[str, str], shot: Shot
) -> None:
    page = visit(customer)
    page.goto("/rent/demo-instant/")
    page.get_by_role("button", name=re.compile("United Kingdom")).click()
    expect(page.locator("#code")).to_be_visible(timeout=SOON)
    page.get_by_role("link", name="Something is wrong").click()
    _look(page, shot, "case-new")
    page.locator("label[for=kind_technical_error]").click()
    page.get_by_label("What happened").fill("Half of the text was missing.")
    page.get_by_label("Screenshots").set_input_files(
        {"name": "screen.png", "mimeType": "image/png", "buffer": _picture()}
    )
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/cases/case_*/")
    picture = page.locator(".files img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.files img').naturalWidth > 0")
    _look(page, shot, "case")
    page.evaluate(KEEP)

    staff = visit(machine.demo()["operators"][0])
    staff.goto(page.url.replace("/cases/", "/console/cases/"))
    expect(staff.locator(".files img")).to_have_count(0)
    staff.get_by_role("button", name="Show 1 file").click()
    expect(staff.locator(".files img")).to_be_visible()
    _look(staff, shot, "console-case")
    staff.get_by_label("Decision and clause").select_option("granted refund.our_fault")
    staff.get_by_label("Reason, which the customer reads").fill("Part of it was lost on our side.")
    staff.get_by_role("button", name="Decide", exact=True).click()
    expect(staff.get_by_text("Decided.", exact=True)).to_be_visible()

    expect(page.get_by_text("Part of it was lost on our side.")).to_be_visible(timeout=SOON)
    expect(page.locator("#live .chip").first).to_have_text("Granted")
    assert page.evaluate(IS_KEPT)
    _look(page, shot, "case-granted")


def _picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (320, 200), "teal").save(stream, "PNG")
    return stream.getvalue()
