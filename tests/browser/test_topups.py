"""Money in as a customer does it: an address, a payment that appears by itself, a credit, a receipt, and books that add up."""

import random
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from activkode.core.money import micros
from browser.conftest import Visit
from browser.test_gallery import CONTRAST, SIZES

Shot = Callable[[Page, str], None]
# POLICY 2.2.2: shown as pending from first sight. The rest of a credit's way is the fake chain's, a block every two seconds.
AT_ONCE, CONFIRMED = 2_000, 90_000
KEEP, IS_KEPT = "window.kept = true", "window.kept === true"
COINS = {
    "USDT-TRC20": ("Tether USD", "USDT", "25.{:06}"),
    "BTC": ("Bitcoin", "BTC", "0.0015{:04}"),
    "ETH": ("Ether", "ETH", "0.021{:06}"),
}


def _open_address(page: Page, asset: str) -> str:
    """Gets the address, or looks at the one that is there."""
    page.goto("/topups/")
    card = page.locator(".coin", has=page.get_by_role("heading", name=COINS[asset][0], exact=True))
    card.locator(".button").click()
    page.wait_for_url(f"**/topups/{asset}/")
    return page.locator("#address").inner_text()


def _pay(page: Page, asset: str) -> Locator:
    """Pays an amount that no other test pays, and gives its line."""
    _, symbol, pattern = COINS[asset]
    amount = pattern.format(random.randrange(1, 10_000))
    page.get_by_label(f"Amount in {symbol}").fill(amount)
    page.get_by_role("button", name="Pay from a fake wallet").click()
    expect(page.get_by_text("The fake wallet has paid.")).to_be_visible()
    shown = f"{Decimal(amount).normalize():f} {symbol}"
    return page.locator(".ticket", has=page.get_by_text(shown, exact=True))


def _balance(page: Page) -> int:
    return micros(page.locator(".purse [data-balance]").inner_text().removeprefix("$"))


@pytest.mark.parametrize("asset", COINS)
def test_a_payment_is_seen_at_once_and_credited_while_one_watches(
    visit: Visit, customer: dict[str, str], shot: Shot, tmp_path: Path, asset: str
) -> None:
    page = visit(customer)
    _open_address(page, asset)
    before = _balance(page)
    line = _pay(page, asset)
    page.evaluate(KEEP)

    expect(line).to_be_visible(timeout=AT_ONCE)
    shot(page, f"topup-address-{asset}-pending")
    expect(line.locator(".chip")).to_have_text("Credited", timeout=CONFIRMED)

    assert page.evaluate(IS_KEPT)
    credited = micros(line.locator(".ticket-time").inner_text().removeprefix("$"))
    assert _balance(page) == before + credited > before
    line.click()
    page.wait_for_url("**/topups/dep_*/")
    _check_receipt(page, asset, tmp_path)
    shot(page, f"topup-receipt-{asset}")
    _check_statement(page, page.url.rstrip("/").rpartition("/")[2], credited)


def _check_receipt(page: Page, asset: str, place: Path) -> None:
    expect(page.get_by_role("heading", name="Receipt for a top-up")).to_be_visible()
    expect(page.locator(".step.done")).to_have_count(5)
    for label in ("Rate", "Sources of the rate", "Age of the rate", "Transaction", "Address"):
        expect(page.locator(".receipt dt", has_text=re.compile(f"^{label}$"))).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download PDF").click()
    assert waiting.value.suggested_filename.startswith("activkode-dep_")
    waiting.value.save_as(place / "receipt.pdf")
    paper = (place / "receipt.pdf").read_bytes()
    assert paper.startswith(b"%PDF-") and page.locator("#worth").inner_text().encode() in paper


def _check_statement(page: Page, topup: str, credited: int) -> None:
    page.goto("/statement/")
    row = page.locator(".movement", has=page.get_by_role("link", name=topup))
    assert int(row.locator("td[data-label='Cash']").get_attribute("data-micros") or 0) == credited
    cells = page.locator("td[data-label='Cash']").evaluate_all(
        "cells => cells.map(cell => Number(cell.dataset.micros))"
    )
    assert cells[0] + sum(cells[1:-1]) == cells[-1] == _balance(page)


def test_an_address_is_shown_as_a_picture_and_copied(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer, permissions=["clipboard-read", "clipboard-write"])
    address = _open_address(page, "BTC")

    box = page.locator("svg.qr").bounding_box()
    page.get_by_role("button", name="Copy address").click()

    assert page.evaluate("navigator.clipboard.readText()") == address
    assert box is not None and box["width"] > 120 and abs(box["width"] - box["height"]) < 2
    assert _open_address(page, "BTC") == address


def test_a_payment_is_on_the_overview_and_on_its_own_page_while_it_is_under_way(
    visit: Visit, customer: dict[str, str], shot: Shot
) -> None:
    page = visit(customer)
    _open_address(page, "BTC")
    line = _pay(page, "BTC")
    expect(line).to_be_visible(timeout=AT_ONCE)
    own = line.get_attribute("href")
    page.goto("/overview/")
    expect(page.locator(f".ticket[href='{own}']")).to_be_visible()
    shot(page, "overview-topup")

    page.goto(own or "")
    page.evaluate(KEEP)
    expect(page.get_by_role("heading", name="Receipt for a top-up")).to_be_visible(timeout=CONFIRMED)

    assert page.evaluate(IS_KEPT)


def test_it_works_without_javascript(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer, java_script_enabled=False)
    _open_address(page, "BTC")

    line = _pay(page, "BTC")

    expect(line).to_be_visible(timeout=10_000)  # the page asks again by itself
    expect(line.locator(".chip")).to_have_text("Credited", timeout=CONFIRMED)


def test_nonsense_is_told_in_words(visit: Visit, customer: dict[str, str]) -> None:
    page = visit(customer)
    _open_address(page, "BTC")
    page.get_by_label("Amount in BTC").fill("much")

    page.get_by_role("button", name="Pay from a fake wallet").click()

    expect(page.get_by_role("alert")).to_contain_text("An amount is written like")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_pages_of_top_ups_fit_and_can_be_read(
    visit: Visit, customer: dict[str, str], shot: Shot, scheme: str, size: str
) -> None:
    page = visit(customer, viewport=SIZES[size], color_scheme=scheme)
    for asset in COINS:
        _open_address(page, asset)
        shot(page, f"topup-address-{asset}-{scheme}-{size}")
        _check_looks(page)
    page.goto("/topups/")
    for link in page.locator(".row-link").all()[:1]:
        page.goto(link.get_attribute("href") or "")
        shot(page, f"topup-{scheme}-{size}")
        _check_looks(page)


def _check_looks(page: Page) -> None:
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), page.url
    assert page.evaluate(CONTRAST) == [], page.url
