"""Every kind of page in light and dark, narrow and wide: kept as pictures, and nothing runs off the side."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from browser.conftest import NARROW, WIDE, Visit
from faults.machine import Machine

PUBLIC = {
    "landing": "/",
    "policy": "/policy/",
    "status": "/status/",
    "holidays": "/holidays/",
    "support-check": "/support-check/?service=demo-consent",
    "help": "/help/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "not-found": "/nowhere/",
}
CUSTOMER = {
    "overview": "/overview/",
    "topups": "/topups/",
    "withdrawals": "/withdrawals/",
    "cases": "/cases/",
    "rent": "/rent/",
    "offers": "/rent/demo-instant/",
    "offers-banned": "/rent/demo-consent/",
    "history": "/activations/",
    "statement": "/statement/",
    "keys": "/keys/",
    "account": "/account/",
    "second-factor": "/accounts/2fa/",
    "sessions": "/accounts/sessions/",
    "e-mail": "/accounts/email/",
    "password": "/accounts/password/change/",
}
CONSOLE = {
    "console": "/console/",
    "console-customers": "/console/customers/",
    "console-customer": "/console/customers/1/",
    "console-ledger": "/console/customers/1/ledger/",
    "console-withdrawals": "/console/withdrawals/",
    "console-case-queue": "/console/cases/",
    "console-topups": "/console/topups/?q=1",
    "console-cases": "/console/topups/cases/",
    "console-chains": "/console/chains/",
    "console-solvency": "/console/solvency/",
    "console-numbers": "/console/numbers/?q=900123",
    "console-imports": "/console/imports/",
    "console-services": "/console/services/",
    "console-service": "/console/services/demo-consent/",
    "console-findings": "/console/findings/",
    "console-audit-log": "/console/audit-log/",
    "console-outbox": "/console/outbox/",
    "console-mails": "/console/mails/",
}
SIZES = {"wide": WIDE, "narrow": NARROW}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_nothing_runs_off_the_side(
    visit: Visit, machine: Machine, shot: Callable[[Page, str], None], scheme: str, size: str
) -> None:
    demo = machine.demo()
    people = ((None, PUBLIC), (demo["customer"], CUSTOMER), (demo["operators"][0], CONSOLE))
    too_wide = []
    for who, pages in people:
        page = visit(who, viewport=SIZES[size], color_scheme=scheme)
        for name, address in pages.items():
            page.goto(address)
            shot(page, f"{name}-{scheme}-{size}")
            if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                too_wide.append(name)

    assert too_wide == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_is_drawn_can_be_read(visit: Visit, customer: dict[str, str], scheme: str) -> None:
    """Measures the contrast of drawn text against the first ground behind it that is not see-through."""
    page = visit(customer, color_scheme=scheme)
    for address in ("/", *CUSTOMER.values(), "/policy/"):
        page.goto(address)
        poor = [line for line in page.evaluate(CONTRAST) if not re.search("disabled", line)]
        assert poor == [], address


@pytest.mark.parametrize("address", ["/overview/", "/topups/", "/rent/demo-instant/", "/keys/"])
def test_fingers_hit_what_they_aim_at(visit: Visit, customer: dict[str, str], address: str) -> None:
    page = visit(customer, viewport=NARROW, has_touch=True)
    page.goto(address)

    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a.button, nav a")].filter(one => one.offsetParent)
            .map(one => [one.innerText, one.getBoundingClientRect().height]).filter(([, height]) => height < 24)"""
    )

    assert small == []  # WCAG 2.2, 2.5.8


CONTRAST = """() => {
  const channels = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = channels(getComputedStyle(node).backgroundColor);
      if (colour.length < 4 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !node.checkVisibility()) continue;
    if (node.closest("[disabled], .visually-hidden, noscript, option")) continue;
    const style = getComputedStyle(node), [a, b] = [light(channels(style.color)), light(ground(node))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) poor.push(`${texts.currentNode.textContent.trim().slice(0, 40)}: ${contrast.toFixed(2)}`);
  }
  return poor;
}"""
