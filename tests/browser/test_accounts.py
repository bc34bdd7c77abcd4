"""An account from its first mail to its second factor, and the console behind it."""

import email
import email.policy
import re
from pathlib import Path

from allauth.mfa.totp.internal.auth import hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page, expect

from browser.conftest import Visit
from faults.machine import Machine
from seen import soon

NEW = {"email": "newcomer@people.example", "password": "a long enough password"}


def mailed_link(machine: Machine, to: str, subject: str) -> str:
    """The link of the mail that the clock has written out."""
    found: list[str] = []

    def arrived() -> bool:
        found[:] = [link for path in _mails(machine) if (link := _link_of(path, to, subject))]
        return bool(found)

    assert soon(arrived), f"no mail {subject!r} for {to}"
    return found[-1]


def sign_up(page: Page, machine: Machine, who: dict[str, str]) -> None:
    """Fills in the form, and follows the link of the mail."""
    page.get_by_label("Email").fill(who["email"])
    page.get_by_label("Password").fill(who["password"])
    page.get_by_role("main").get_by_role("button", name="Create account").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(mailed_link(machine, who["email"], "Confirm your e-mail address"))
    page.get_by_role("button", name="Yes, confirm it").click()


def _mails(machine: Machine) -> list[Path]:
    return sorted((machine.var / "mail").glob("*.eml"))


def _link_of(path: Path, to: str, subject: str) -> str:
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = mail.get_body()
    assert body is not None
    link = re.search(r"http://\S+", body.get_content())
    return link[0] if link and (mail["To"], mail["Subject"]) == (to, subject) else ""


def _fresh_code(secret: str) -> str:
    counters = list(yield_hotp_counters_from_time())
    return f"{hotp_value(secret, counters[len(counters) // 2]):06}"


def _sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(NEW["email"])
    page.get_by_label("Password").fill(NEW["password"])
    page.get_by_role("main").get_by_role("button", name="Sign in").click()


def test_an_account_from_the_first_mail_to_the_second_factor(visit: Visit, machine: Machine) -> None:
    page = visit()
    page.goto("/")
    page.get_by_role("link", name="Create an account").first.click()
    sign_up(page, machine, NEW)
    if "/overview/" not in page.url:
        _sign_in(page)
    expect(page.get_by_text("Your balance is empty.")).to_be_visible()

    page.goto("/accounts/2fa/totp/activate/")
    page.get_by_label("Password").fill(NEW["password"])
    page.get_by_role("button", name="Confirm").click()
    secret = page.get_by_label("Secret").input_value()
    assert page.locator("img.qr").evaluate("image => image.naturalWidth") > 0
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(_fresh_code(secret))
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator(".codes li")).to_have_count(10)
    recovery = page.locator(".codes li").first.inner_text()

    other = visit()
    _sign_in(other)
    expect(other.get_by_role("heading", name="Second factor")).to_be_visible()
    other.get_by_label(re.compile("code", re.IGNORECASE)).fill(recovery)
    other.get_by_role("main").get_by_role("button", name="Sign in").click()
    other.wait_for_url("**/overview/")


def test_an_operator_suspends_and_the_customers_window_closes(visit: Visit, machine: Machine) -> None:
    hers = visit(machine.demo()["empty_customer"])
    olga = visit(machine.demo()["operators"][0])
    olga.get_by_role("link", name="Console").click()
    olga.get_by_role("link", name="Customers").click()
    olga.get_by_label(re.compile("E-mail address or")).fill("empty@")
    olga.get_by_role("button", name="Search").click()
    olga.get_by_role("link", name="empty@activkode.example").click()

    olga.get_by_role("region", name="Suspend").get_by_label("Reason").fill("seen in a test")
    olga.get_by_role("button", name="Suspend").click()

    expect(olga.get_by_text("Suspended. All sessions are ended.")).to_be_visible()
    hers.goto("/statement/")
    expect(hers.get_by_role("heading", name="Sign in")).to_be_visible()
    olga.get_by_label("Reason").last.fill("the test is over")
    olga.get_by_role("button", name="Lift").click()
    expect(olga.get_by_text("The suspension is lifted.")).to_be_visible()


def test_an_operator_imports_numbers_and_sees_the_report(visit: Visit, machine: Machine) -> None:
    olga = visit(machine.demo()["operators"][1])
    olga.goto("/console/imports/")
    lines = "\n".join(f"+44163296{number:04},GB,any,demo-smpp" for number in range(1000))
    content = f"phone,country,operator,link\n{lines}\n"
    file = {"name": "numbers.csv", "mimeType": "text/csv", "buffer": content.encode()}
    olga.get_by_label("CSV file").set_input_files(files=[file])  # type: ignore[list-item]
    olga.get_by_role("button", name="Import").click()

    expect(olga.locator("#live").get_by_text("1000 numbers added.")).to_be_visible(timeout=20_000)
