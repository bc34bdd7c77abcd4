"""The signer as a process: asked over its socket, with its own settings alone, killed at any moment."""

import json
import random
import signal
import socket
import threading
import time
from typing import Any

import httpx
import pytest

from activkode.doors.up import ports
from activkode.withdrawals.chains.ethereum_forms import read_signed
from activkode.withdrawals.signing import NotSigned, SignerAt, Unanswered, ask_limits, ask_to_sign
from doors.signer.machine import ALICE, ETH, ETHER, GWEI, KEY, LIMITS, MALLORY, PRIVATE, SECRET, Machine, body

KILLS = 50


@pytest.fixture
def running(machine: Machine) -> Machine:
    machine.start()
    return machine


def post(machine: Machine, path: str, content: bytes, secret: str = SECRET) -> httpx.Response:
    with httpx.Client(transport=httpx.HTTPTransport(uds=str(machine.socket)), trust_env=False) as client:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return client.post(f"http://signer{path}", content=content, headers=headers)


# --- asked ---


def test_it_signs_without_database_and_without_django(running: Machine) -> None:
    assert not any(name.startswith(("DATABASE", "DJANGO")) for name in running.environment)

    raw = ask_to_sign(running.at, "pay_1", ETH, body())

    assert read_signed(raw).sender() == KEY.wallet


def test_it_tells_beforehand_what_it_would_refuse(running: Machine) -> None:
    ask_limits(running.at, ETH, 2 * ETHER, destination=ALICE)

    with pytest.raises(NotSigned, match="for one payout"):
        ask_limits(running.at, ETH, 3 * ETHER)


def test_the_same_question_after_a_restart_gives_the_same_bytes(running: Machine) -> None:
    before = ask_to_sign(running.at, "pay_1", ETH, body())
    running.kill()
    running.start()

    assert ask_to_sign(running.at, "pay_1", ETH, body()) == before


def test_a_port_serves_as_well_as_a_socket(machine: Machine) -> None:
    port = ports.free()
    environment = machine.environment | {"ACTIVKODE_SIGNER_LISTEN": f"127.0.0.1:{port}"}
    machine.process = machine.run("signer", env=environment)
    at = SignerAt(f"http://127.0.0.1:{port}", SECRET)

    assert _patiently(at, "pay_1", body())


def test_it_ends_on_a_signal_and_says_so(running: Machine) -> None:
    assert running.process
    running.process.send_signal(signal.SIGTERM)
    said = running.process.communicate(timeout=10)[0].decode()

    assert running.process.returncode == 0
    assert "signer.stopped" in said and PRIVATE not in said and SECRET not in said


# --- not for anybody ---


@pytest.mark.parametrize("secret", ["", "wrong", SECRET[:-1], SECRET + "x", SECRET.upper()])
def test_without_the_secret_it_tells_nothing(running: Machine, secret: str) -> None:
    answer = post(running, "/sign", b'{"payout": "pay_1"}', secret)

    assert (answer.status_code, answer.json()) == (403, {"refused": "the secret is wrong"})
    assert running.journal.read_bytes() == b""


def test_a_stolen_secret_cannot_pass_the_limits(running: Machine) -> None:
    """Whoever has taken over the web has the secret, and asks for all that there is."""
    got, number = 0, 0
    for value in (100 * ETHER, 2 * ETHER, 2 * ETHER, 2 * ETHER, ETHER, ETHER, 1, 10**15, 10**77):
        for payout in (f"pay_{number}", f"other_{number}", "pay_0"):
            changed = {"to": MALLORY.lower(), "value": value, "nonce": number}
            try:
                ask_to_sign(running.at, payout, ETH, body(**changed))
            except NotSigned:
                continue
            got, number = got + value, number + 1

    assert got == 5 * ETHER
    assert sum(entry["adds"]["amount"] for entry in entries(running)) == got


BAD: dict[str, tuple[bytes, int]] = {
    "nothing": (b"", 400),
    "no JSON": (b"{", 400),
    "a list": (b"[]", 400),
    "an unknown field": (b'{"payout":"pay_1","asset":"ETH","body":{},"force":true}', 400),
    "an unknown asset": (b'{"payout":"pay_1","asset":"DOGE","body":{}}', 400),
    "a body that is none": (b'{"payout":"pay_1","asset":"ETH","body":{}}', 409),
    "a body that is a text": (b'{"payout":"pay_1","asset":"ETH","body":"0x"}', 400),
    "an asset without a key": (b'{"payout":"pay_1","asset":"BTC","body":{}}', 409),
    "deep JSON": (b'{"payout":"pay_1","asset":"ETH","body":' + b'{"a":' * 5000 + b"1" + b"}" * 5001, 400),
    "too much": (b'{"payout":"' + b"x" * 1_000_001 + b'"}', 413),
}


@pytest.mark.parametrize(("content", "status"), BAD.values(), ids=list(BAD))
def test_bad_questions_are_refused_and_it_lives_on(running: Machine, content: bytes, status: int) -> None:
    assert post(running, "/sign", content).status_code == status
    assert ask_to_sign(running.at, "pay_1", ETH, body())


def test_an_unknown_path_is_refused(running: Machine) -> None:
    assert post(running, "/keys", b"{}").status_code == 404


# --- settings ---


@pytest.mark.parametrize(
    ("break_it", "word"),
    [
        (lambda machine: (machine.place / "keys.json").chmod(0o644), "chmod 600"),
        (lambda machine: (machine.place / "secret").chmod(0o640), "chmod 600"),
        (lambda machine: machine.write("secret", "short"), "at least 32"),
        (lambda machine: machine.write("keys.json", "{"), "no JSON"),
        (lambda machine: machine.write("limits.json", {"ETH": {}}), "LIMITS"),
        (lambda machine: (machine.place / "limits.json").unlink(), "cannot be read"),
    ],
    ids=["open keys", "open secret", "short secret", "broken keys", "no limits", "missing limits"],
)
def test_it_does_not_start_on_what_it_cannot_trust(machine: Machine, break_it: Any, word: str) -> None:
    break_it(machine)

    process = machine.run("signer")
    said = process.communicate(timeout=20)[0].decode()

    assert process.returncode == 2
    assert word in said and PRIVATE not in said


# --- silence ---


def test_a_signer_that_is_away_leaves_it_unknown(machine: Machine) -> None:
    with pytest.raises(Unanswered):
        ask_to_sign(machine.at, "pay_1", ETH, body())


def test_a_signer_that_breaks_off_leaves_it_unknown(machine: Machine) -> None:
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind(str(machine.socket))
        ear.listen()
        threading.Thread(target=lambda: ear.accept()[0].close(), daemon=True).start()
        with pytest.raises(Unanswered):
            ask_to_sign(machine.at, "pay_1", ETH, body())


# --- killed ---


def entries(machine: Machine) -> list[dict[str, Any]]:
    """What the journal holds."""
    lines = machine.journal.read_text().split("\n")[:-1]
    return [json.loads(line.split(" ", 1)[1]) for line in lines]


def _patiently(at: SignerAt, payout: str, asked: dict[str, Any]) -> bytes:
    for _ in range(400):
        try:
            return ask_to_sign(at, payout, ETH, asked)
        except Unanswered:
            time.sleep(0.02)
    raise TimeoutError("the signer did not come back")


@pytest.mark.faults
def test_killed_at_random_moments_it_never_signs_two_things_for_one_payout(machine: Machine) -> None:
    """Each payout is asked for again and again, by the same and by other bodies, while the process is killed."""
    machine.write("limits.json", {"ETH": LIMITS["ETH"] | {"day": "100", "fee_day": "1"}})
    chance, got = random.Random(5), dict[str, set[bytes]]()
    machine.start()
    for number in range(KILLS):
        payout = f"pay_{number}"
        killer = threading.Timer(chance.uniform(0.0, 0.02), machine.kill)
        killer.start()
        for nonce in (number, number, number + 1000):
            try:
                raw = ask_to_sign(machine.at, payout, ETH, body(nonce=nonce))
            except (Unanswered, NotSigned):
                continue
            got.setdefault(payout, set()).add(raw)
        killer.join()
        machine.start()
        got.setdefault(payout, set()).add(_patiently(machine.at, payout, body(nonce=number)))
        with pytest.raises(NotSigned):
            _patiently(machine.at, payout, body(nonce=number + 2000))

    assert len(got) == KILLS and all(len(raws) == 1 for raws in got.values())
    kept = entries(machine)
    assert len(kept) == len({entry["payout"] for entry in kept}) == KILLS
    assert sum(entry["adds"]["amount"] for entry in kept) == KILLS * ETHER


@pytest.mark.faults
def test_killed_while_bumping_the_days_sum_holds(machine: Machine) -> None:
    chance, got = random.Random(7), set[int]()
    machine.start()
    for _ in range(KILLS // 5):
        killer = threading.Timer(chance.uniform(0.0, 0.05), machine.kill)
        killer.start()
        for nonce in range(8):
            for price in (40, 50):
                try:
                    raw = ask_to_sign(
                        machine.at, f"pay_{nonce}", ETH, body(nonce=nonce, most_price=price * GWEI)
                    )
                except (Unanswered, NotSigned):
                    continue
                got.add(read_signed(raw).payment.nonce)
        killer.join()
        machine.start()

    assert len(got) <= 5
    assert sum(entry["adds"]["amount"] for entry in entries(machine)) <= 5 * ETHER


# --- by hand ---


def exported(machine: Machine, **changed: Any) -> str:
    content = {"payout": "pay_1", "asset": "ETH", "kind": "pay", "body": body(**changed)}
    return str(machine.write("pay_1.json", content))


def test_an_exported_payout_is_signed_by_hand_once_it_is_agreed_to(machine: Machine) -> None:
    process = machine.run("sign-payout", exported(machine))
    said = process.communicate(b"y\n", timeout=20)[0].decode()
    written = json.loads((machine.place / "pay_1.signed.json").read_text())

    assert process.returncode == 0, said
    assert f"pay_1 pays 1 ETH to {ALICE} (fee at most 0.00084 ETH)" in said
    assert read_signed(bytes.fromhex(written["raw"])).sender() == KEY.wallet
    assert (written["payout"], written["asset"]) == ("pay_1", "ETH")


@pytest.mark.parametrize("answer", [b"n\n", b"\n", b""])
def test_without_a_yes_nothing_is_signed(machine: Machine, answer: bytes) -> None:
    machine.run("sign-payout", exported(machine)).communicate(answer, timeout=20)

    assert not (machine.place / "pay_1.signed.json").exists()
    assert machine.journal.read_bytes() == b""


def test_limits_and_journal_hold_for_both(running: Machine) -> None:
    ask_to_sign(running.at, "pay_1", ETH, body())
    beside = running.run("sign-payout", exported(running)).communicate(b"y\n", timeout=20)[0].decode()
    running.kill()
    other = running.run("sign-payout", exported(running, nonce=1)).communicate(b"y\n", timeout=20)[0].decode()
    large = running.run("sign-payout", exported(running, value=3 * ETHER)).communicate(b"y\n")[0].decode()

    assert "another signer uses the journal" in beside
    assert "both could be carried out" in other
    assert "a payment of" in large or "above" in large


def test_what_is_no_exported_payout_is_refused(machine: Machine) -> None:
    process = machine.run("sign-payout", str(machine.write("x.json", "[]")))
    said = process.communicate(b"y\n", timeout=20)[0].decode()

    assert process.returncode == 1 and "no exported payout" in said
