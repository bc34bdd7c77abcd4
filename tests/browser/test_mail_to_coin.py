"""A withdrawal from the mail to the coin: signed by Alice's own domain, submitted by swaks, relayed by a real Postfix to our
door, which asks a real name server; confirmed and approved in a real browser; paid on a real node (ether on anvil) and on
the demo's fakes of the other two coins.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from embit import script
from embit.networks import NETWORKS
from playwright.sync_api import Page, expect

import throwaway
from browser.conftest import Visit, sign_in
from browser.test_accounts import sign_up
from contact import letters, name_server
from faults.machine import Machine
from funding.evm.anvil import Anvil
from peers import postfix

pytestmark = [*postfix.MARKS, pytest.mark.needs("anvil")]

ALICE = {"email": "alice@people.example", "password": "a long enough password"}
REGTEST = script.Script(bytes.fromhex("0014" + "5a" * 20)).address(NETWORKS["regtest"])
SOON, PAID = 30_000, 180_000
# By coin: the mail, the address, how many operators it takes, and what the page says that arrived of it.
ASKED = {
    "ETH": ("Please withdraw $200.00 to {eth}", letters.PLACES["eth"], 2, r"0\.\d+ ETH"),
    "BTC": (f"Please withdraw $20.00 to {REGTEST}", REGTEST, 1, r"0\.\d{8} BTC"),
    "USDT": ("Please withdraw $20.00 to {usdt}", letters.PLACES["usdt"], 1, r"15(\.0+)? USDT"),
}
ARRIVES = {"ETH": "$195.00", "BTC": "$15.00", "USDT": "$15.00"}


@pytest.fixture(scope="module")
def anvil() -> Iterator[Anvil]:
    """A real node, with a block each second."""
    with Anvil() as node:
        node.ask("evm_setIntervalMining", 1)
        yield node


@pytest.fixture(scope="module")
def machine(anvil: Anvil) -> Iterator[Machine]:
    """A whole machine that asks the test's name server, and whose chain for ether is the real node."""
    place = Path(tempfile.mkdtemp(prefix="activkode-mail-", dir=throwaway.place()))
    running = Machine(place)
    with ExitStack() as ending:
        ending.callback(shutil.rmtree, place)
        ending.callback(running.close)
        running.start(
            ACTIVKODE_DEMO_DEV_NODE=anvil.url,
            ACTIVKODE_DNS_SERVERS=ending.enter_context(name_server.serving()),
        )
        yield running
        code, told = running.run("audit")
        assert code == 0, told


@pytest.fixture(scope="module")
def relay(machine: Machine) -> Iterator[int]:
    """The port where Alice's mail program submits."""
    with postfix.relaying_to(machine.demo()["smtp"]["port"]) as port:
        yield port


@pytest.fixture
def alice(visit: Visit, machine: Machine) -> Page:
    """Her window. The first time she makes an account and is given money."""
    page = visit()
    if not (machine.var / "alice").exists():
        page.goto("/accounts/signup/")
        sign_up(page, machine, ALICE)
        code, told = machine.run(
            "grant", ALICE["email"], "300.00", "--reason", "a test", "--kind", "goodwill"
        )
        assert code == 0, told
        (machine.var / "alice").touch()
    if "/overview/" not in page.url:
        sign_in(page, ALICE)
    return page


@pytest.mark.parametrize("coin", ASKED)
def test_a_mail_becomes_a_payment_in(
    coin: str,
    alice: Page,
    visit: Visit,
    shot: Callable[[Page, str], None],
    machine: Machine,
    relay: int,
    anvil: Anvil,
    tmp_path: Path,
) -> None:
    words, address, operators, worth = ASKED[coin]
    fields = f"Subject: Balance withdrawal {coin}\nMessage-ID: <{coin}@people.example>"
    mail = letters.letter_of(f"{fields}\n\n{words}\n").raw()

    postfix.submit(relay, mail, tmp_path)

    page, wish = alice, alice.get_by_role("link", name="Look at it and confirm")
    for _ in range(30):
        page.goto("/withdrawals/")
        if wish.is_visible():
            break
        page.wait_for_timeout(1_000)
    wish.click()
    page.get_by_label("Password").fill(ALICE["password"])
    page.get_by_role("main").get_by_role("button", name="Confirm").click()
    page.get_by_label("The last 6 characters").fill(address[-6:])
    page.get_by_role("button", name=re.compile("^Confirm")).click()
    page.wait_for_url("**/withdrawals/wdr_*/")
    expect(page.get_by_text("by e-mail")).to_be_visible()
    expect(page.get_by_text(f"0 of {operators} approval")).to_be_visible()

    number = page.url.rstrip("/").rpartition("/")[2]
    for place, operator in enumerate(machine.demo()["operators"][:operators]):
        staff = visit(operator)
        staff.goto(f"/console/withdrawals/{number}/")
        staff.get_by_role("button", name="Approve").click()
        expect(page.get_by_text(f"{place + 1} of {operators} approval")).to_be_visible(timeout=SOON)

    staff.goto("/console/mails/?show=withdrawal")
    expect(staff.get_by_role("link", name=number)).to_be_visible()
    shot(staff, f"console-mails-{coin}")

    expect(page.locator("#live .chip").first).to_have_text("Paid", timeout=PAID)
    expect(page.locator("#worth")).to_have_text(re.compile(worth))
    expect(page.locator(".step.done")).to_have_count(8)
    expect(page.get_by_text(ARRIVES[coin]).first).to_be_visible()
    if coin == "ETH":
        receipt = anvil.ask("eth_getTransactionReceipt", page.locator("#tx").inner_text())
        assert (receipt["status"], receipt["to"]) == ("0x1", address.lower())
        assert int(anvil.ask("eth_getBalance", address, "latest"), 16) > 0
