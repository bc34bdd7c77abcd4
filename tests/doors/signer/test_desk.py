"""What is signed and what is not: limits, replacements, and one set of spends for one payout."""

import json
from typing import Any

import pytest

from activkode.config.environment import SettingError
from activkode.doors.signer.coins.tron import read as read_tron
from activkode.doors.signer.desk import Asked, Desk
from activkode.doors.signer.limits import Refused
from activkode.funding.policy import Asset
from activkode.withdrawals.chains.ethereum_forms import read_signed
from activkode.withdrawals.chains.tron_forms import Transfer
from activkode.withdrawals.chains.tron_forms import body_of as body_of_transfer
from doors.signer.machine import (
    ALICE,
    ETH,
    ETHER,
    GWEI,
    KEY,
    LIMITS,
    MALLORY,
    PRIVATE,
    Machine,
    body,
    payment,
)

USDT, TOKEN = Asset.USDT_TRC20, "0xa614f803b6fd780986a42c78ec9c7f77e6ded13c"


@pytest.fixture
def desk(machine: Machine) -> Desk:
    return machine.desk()


def refused(desk: Desk, payout: str, word: str, **changed: Any) -> None:
    with pytest.raises(Refused, match=word):
        desk.sign(payout, ETH, body(**changed))


# --- signed ---


def test_what_is_signed_is_what_was_asked_for(desk: Desk) -> None:
    found = read_signed(desk.sign("pay_1", ETH, body()))

    assert found.payment == payment()
    assert found.sender() == KEY.wallet


def test_the_same_body_gives_the_same_bytes_and_counts_once(machine: Machine, desk: Desk) -> None:
    once = desk.sign("pay_1", ETH, body())
    again = [desk.sign("pay_1", ETH, body() | {"pays": f"text {n}"}) for n in range(10)]

    assert set(again) == {once}
    assert len(machine.journal.read_text().splitlines()) == 1


def test_what_it_says_beside_the_transaction_is_not_believed(desk: Desk) -> None:
    lying = body(value=3 * ETHER) | {"pays": "pay_1: pays 0.1 ETH"}

    with pytest.raises(Refused, match="above"):
        desk.sign("pay_1", ETH, lying)


# --- limits ---


def test_more_than_a_payout_may_be_is_refused(desk: Desk) -> None:
    desk.sign("pay_1", ETH, body(value=2 * ETHER))
    refused(desk, "pay_2", "for one payout", value=2 * ETHER + 1, nonce=1)


def test_more_than_a_day_may_be_is_refused_to_the_wei(desk: Desk) -> None:
    for number in range(2):
        desk.sign(f"pay_{number}", ETH, body(value=2 * ETHER, nonce=number))
    refused(desk, "pay_2", "today", value=ETHER + 1, nonce=2)
    desk.sign("pay_2", ETH, body(value=ETHER, nonce=2))
    refused(desk, "pay_3", "today", value=1, nonce=3)


def test_fees_have_limits_of_their_own(desk: Desk) -> None:
    refused(desk, "pay_1", "a fee of", gas=2_100_000)
    dear = {"most_price": 95 * GWEI, "value": 1}
    for number in range(5):
        desk.sign(f"pay_{number}", ETH, body(nonce=number, **dear))
    refused(desk, "pay_5", "fee would make", nonce=5, **dear)


def test_a_refusal_leaves_no_trace(machine: Machine, desk: Desk) -> None:
    refused(desk, "pay_1", "above", value=3 * ETHER)

    assert machine.journal.read_bytes() == b""
    desk.sign("pay_1", ETH, body())


def test_the_limits_hold_over_a_restart(machine: Machine) -> None:
    for number in range(5):
        desk = machine.desk()
        desk.sign(f"pay_{number}", ETH, body(nonce=number))
        desk._journal.close()

    refused(machine.desk(), "pay_9", "today", nonce=9)


@pytest.mark.parametrize("written", [ALICE, ALICE.lower()])
def test_only_allowed_destinations_where_there_is_a_list(machine: Machine, written: str) -> None:
    machine.write("limits.json", {"ETH": LIMITS["ETH"] | {"destinations": [written]}})
    desk = machine.desk()

    desk.sign("pay_1", ETH, body())
    refused(desk, "pay_2", "no allowed destination", to=MALLORY.lower(), nonce=1)
    desk.sign("pay_1", ETH, body(to=KEY.wallet, value=0, most_price=80 * GWEI))


def test_an_asset_without_limits_is_not_signed(machine: Machine) -> None:
    machine.write("limits.json", {"BTC": LIMITS["ETH"]})

    refused(machine.desk(), "pay_1", "not signed here")


def test_a_limit_can_be_asked_about_beforehand(desk: Desk) -> None:
    desk.would(Asked(ETH, 2 * ETHER))
    with pytest.raises(Refused, match="for one payout"):
        desk.would(Asked(ETH, 2 * ETHER + 1))
    desk.sign("pay_1", ETH, body(value=2 * ETHER))
    desk.sign("pay_2", ETH, body(value=2 * ETHER, nonce=1))
    with pytest.raises(Refused, match="today"):
        desk.would(Asked(ETH, 2 * ETHER))


# --- replacements ---


def test_a_bump_of_the_same_number_counts_once(desk: Desk) -> None:
    for price in (40, 50, 60, 70, 80):
        desk.sign("pay_1", ETH, body(most_price=price * GWEI))
    desk.sign("pay_1", ETH, body(to=KEY.wallet, value=0, most_price=90 * GWEI))

    for number in range(1, 5):
        desk.sign(f"pay_{number + 1}", ETH, body(nonce=number))
    refused(desk, "pay_9", "today", nonce=9)


def test_another_number_for_the_same_payout_is_refused(desk: Desk) -> None:
    desk.sign("pay_1", ETH, body())

    refused(desk, "pay_1", "both could be carried out", nonce=1)
    refused(desk, "pay_1", "both could be carried out", nonce=1, to=KEY.wallet, value=0)


@pytest.mark.parametrize("changed", [{"to": MALLORY.lower()}, {"value": ETHER + 1}, {"value": ETHER - 1}])
def test_a_replacement_that_pays_something_else_is_refused(desk: Desk, changed: dict[str, Any]) -> None:
    desk.sign("pay_1", ETH, body())

    refused(desk, "pay_1", "a payment of", most_price=50 * GWEI, **changed)


def test_a_payout_that_was_voided_may_only_pay_what_it_paid(desk: Desk) -> None:
    desk.sign("pay_1", ETH, body())
    desk.sign("pay_1", ETH, body(to=KEY.wallet, value=0, most_price=50 * GWEI))

    refused(desk, "pay_1", "a payment of", to=MALLORY.lower(), most_price=60 * GWEI)


def test_another_payouts_number_is_refused(desk: Desk) -> None:
    desk.sign("pay_1", ETH, body())

    refused(desk, "pay_2", "belongs to pay_1")
    refused(desk, "pay_2", "belongs to pay_1", to=MALLORY.lower(), most_price=80 * GWEI)


# --- on TRON, where nothing is replaced ---


@pytest.fixture
def tron(machine: Machine) -> Desk:
    machine.write("keys.json", {"USDT-TRC20": {"private_key": PRIVATE}})
    machine.write(
        "limits.json", {"USDT-TRC20": {"payout": "100", "day": "250", "fee": "30", "fee_day": "90"}}
    )
    return machine.desk()


def transfer(amount: int = 100, **changed: int) -> dict[str, Any]:
    """A transfer of so many USDT."""
    owner = "0x" + read_tron({"private_key": PRIVATE})._owner[2:]
    fields = {"fee_limit": 30 * 10**6, "expiration": 10**13, "timestamp": 10**13} | changed
    return body_of_transfer(
        Transfer(
            owner, TOKEN, "0x" + "11" * 20, amount * 10**6, ref_bytes=b"12", ref_hash=b"8" * 8, **fields
        ),
        "",
    )


def test_a_second_transfer_for_one_payout_is_refused_whatever_differs(tron: Desk) -> None:
    once = tron.sign("pay_1", USDT, transfer())

    assert tron.sign("pay_1", USDT, transfer()) == once
    for changed in ({"timestamp": 10**13 + 1}, {"expiration": 10**13 + 1}, {"fee_limit": 29 * 10**6}):
        with pytest.raises(Refused, match="both could be carried out"):
            tron.sign("pay_1", USDT, transfer(**changed))


def test_the_same_transfer_for_another_payout_is_refused(tron: Desk) -> None:
    tron.sign("pay_1", USDT, transfer())

    with pytest.raises(Refused, match="belongs to pay_1"):
        tron.sign("pay_2", USDT, transfer())


def test_amounts_and_fees_have_limits_in_their_own_coins(tron: Desk) -> None:
    for number, (asked, word) in enumerate(
        [(transfer(101), "for one payout"), (transfer(fee_limit=30 * 10**6 + 1), "a fee of")]
    ):
        with pytest.raises(Refused, match=word):
            tron.sign(f"pay_{number}", USDT, asked)
    for number in range(2):
        tron.sign(f"pay_{number}", USDT, transfer(timestamp=number + 1))
    with pytest.raises(Refused, match="today"):
        tron.sign("pay_9", USDT, transfer(51, timestamp=9))


# --- what cannot be read ---

NOT_READ: dict[str, dict[str, Any]] = {
    "another network": {"chainId": "0x5"},
    "data": {"data": "0xa9059cbb"},
    "an access list": {"accessList": [{}]},
    "no receiver": {"to": None},
    "an older type": {"type": "0x0"},
    "a number in decimals": {"value": "1"},
    "a number with leading noughts": {"value": "0x01"},
    "a number beyond 256 bits": {"value": "0x1" + "0" * 64},
    "a negative number": {"value": "-0x1"},
    "a number that is none": {"value": 1},
    "a field that nobody knows": {"blobs": []},
    "a tip above its price": {"maxPriorityFeePerGas": hex(10**12)},
}


@pytest.mark.parametrize("changed", NOT_READ.values(), ids=list(NOT_READ))
def test_what_cannot_be_read_whole_is_refused(desk: Desk, changed: dict[str, Any]) -> None:
    asked = body()
    asked["transaction"] |= changed

    with pytest.raises(Refused):
        desk.sign("pay_1", ETH, asked)


@pytest.mark.parametrize("name", ["", "x" * 65, "pay\n1", "päy"])
def test_a_payout_has_a_plain_name(desk: Desk, name: str) -> None:
    refused(desk, name, "name")


# --- the journal ---


def signed_twice(machine: Machine) -> list[bytes]:
    desk = machine.desk()
    desk.sign("pay_1", ETH, body(value=2 * ETHER))
    desk.sign("pay_2", ETH, body(value=2 * ETHER, nonce=1))
    desk._journal.close()
    return machine.journal.read_bytes().splitlines(keepends=True)


def test_a_torn_last_line_is_taken_off_and_the_rest_holds(machine: Machine) -> None:
    lines = signed_twice(machine)
    for cut in (1, len(lines[1]) // 2, len(lines[1]) - 1):
        machine.journal.write_bytes(lines[0] + lines[1][:cut])
        desk = machine.desk()
        desk._journal.close()
        assert machine.journal.read_bytes() == lines[0]

    refused(machine.desk(), "pay_3", "belongs to pay_1", value=1)


def test_noughts_behind_the_last_line_are_taken_off(machine: Machine) -> None:
    lines = signed_twice(machine)
    machine.journal.write_bytes(b"".join(lines) + bytes(4096))

    machine.desk().sign("pay_3", ETH, body(nonce=2))

    assert len(machine.journal.read_bytes().splitlines()) == 3


@pytest.mark.parametrize("change", ["amount", "first line cut out", "order", "a blank line"])
def test_a_journal_that_was_changed_stops_it(machine: Machine, change: str) -> None:
    first, second = signed_twice(machine)
    changed = {
        "amount": first.replace(str(2 * ETHER).encode(), b"1") + second,
        "first line cut out": second,
        "order": second + first,
        "a blank line": first + b"\n" + second,
    }
    machine.journal.write_bytes(changed[change])

    with pytest.raises(SettingError, match="was changed"):
        machine.desk()


def test_two_signers_cannot_use_one_journal(machine: Machine) -> None:
    desk = machine.desk()

    with pytest.raises(SettingError, match="another signer"):
        machine.desk()
    assert desk.sign("pay_1", ETH, body())


def test_the_journal_is_its_owners_alone_and_holds_no_key(machine: Machine) -> None:
    machine.desk().sign("pay_1", ETH, body())

    assert machine.journal.stat().st_mode & 0o777 == 0o600
    line = machine.journal.read_text()
    assert json.loads((machine.place / "keys.json").read_text())["ETH"]["private_key"] not in line


# --- the files ---


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_key_file_that_others_can_read_is_refused(machine: Machine, mode: int) -> None:
    (machine.place / "keys.json").chmod(mode)

    with pytest.raises(SettingError, match="chmod 600"):
        machine.desk()


@pytest.mark.parametrize("key", ["", "0" * 64, "f" * 64, "ab" * 31, None])
def test_a_key_that_is_none_is_refused_without_being_shown(machine: Machine, key: str | None) -> None:
    machine.write("keys.json", {"ETH": {"private_key": key}})

    with pytest.raises(SettingError, match="private_key") as said:
        machine.desk()
    assert not key or key not in str(said.value)


@pytest.mark.parametrize(
    "limit",
    [{}, {"payout": "1"}, LIMITS["ETH"] | {"day": 5}, LIMITS["ETH"] | {"day": "-1"}, LIMITS["ETH"] | {"x": "1"}]
    + [LIMITS["ETH"] | {"day": bad} for bad in ("NaN", "Infinity", "1e-19", "many")]
    + [LIMITS["ETH"] | {"destinations": "0x"}],
)  # fmt: skip
def test_limits_that_are_not_clear_are_refused(machine: Machine, limit: dict[str, Any]) -> None:
    machine.write("limits.json", {"ETH": limit})

    with pytest.raises(SettingError, match="LIMITS"):
        machine.desk()
