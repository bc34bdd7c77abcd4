"""A customer's program: rents, waits, cancels over REST, and repeats what was not answered with the same key, as a good
one does. Writes down whatever it is told.
"""

import random
import time
import uuid
from typing import Any

import httpx

from faults.carrier import Carrier
from faults.promises import Opened, Promises

_PATIENCE_SECONDS = 120.0
# What a repeat may change, by status and code; everything else is an answer.
_AGAIN = {(503, "try_later"), (429, "too_many_requests"), (409, "request_in_progress")}


class Customer:
    """One thread's worth of load for one key."""

    def __init__(
        self, url: str, row: dict[str, Any], promises: Promises, carrier: Carrier, seed: int
    ) -> None:
        self._id, self._promises, self._carrier = row["id"], promises, carrier
        self._chance = random.Random(seed)
        headers = {"authorization": f"Bearer {row['key']}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=20, trust_env=False)

    def live(self, is_over: Any) -> None:
        """Plays one rental after another until it is over."""
        with self._client:
            while not is_over():
                self._play()

    def _play(self) -> None:
        service = self._chance.choice(("brisk", "brisk", "steady"))
        one = self._rent(service)
        if one is None:
            return
        play = self._chance.choice(
            (
                self._take_code,
                self._take_code,
                self._cancel,
                self._race,
                self._late,
                self._reveal,
                self._leave,
            )
        )
        play(one)

    # --- what customers do ---

    def _take_code(self, one: Opened) -> None:
        self._carrier.send_code(one, after_seconds=self._chance.random())
        self._wait(one, 4)
        if one.service == "steady":
            self._post(one, "completion")

    def _cancel(self, one: Opened) -> None:
        time.sleep(self._chance.random())
        self._post(one, "cancellation")

    def _race(self, one: Opened) -> None:
        self._carrier.send_code(one, after_seconds=self._chance.random() * 0.5)
        time.sleep(self._chance.random() * 0.5)
        self._post(one, "cancellation")
        self._wait(one, 0)

    def _late(self, one: Opened) -> None:
        """Around the end of a short window."""
        self._carrier.send_code(one, after_seconds=4.5 + 3 * self._chance.random())

    def _reveal(self, one: Opened) -> None:
        self._carrier.send_greeting(one, after_seconds=0)
        self._wait(one, 2)
        self._post(one, "reveal")

    def _leave(self, one: Opened) -> None:
        """Until it expires; now and then it is asked about."""
        self._wait(one, 0)

    # --- calls ---

    def _rent(self, service: str) -> Opened | None:
        wanted = {"service": service} | self._chance.choice(({"country": "GB"}, {"kind": "email"}))
        key = str(uuid.uuid4())
        answer = self._ask("POST", "/v1/activations", key, json=wanted)
        if answer.status_code != 201:
            self._promises.never.append(f"rent: {answer.status_code} {answer.text[:200]}")
            return None
        told = answer.json()
        address = told.get("email") or told["phone"].lstrip("+")
        one = Opened(self._id, told["number"], key, service, address)
        self._promises.opened.append(one)
        return one

    def _wait(self, one: Opened, seconds: int) -> None:
        path = f"/v1/activations/act_{one.id}"
        if seconds:
            path += f"/wait?timeout={seconds}&after_revision=1"
        answer = self._ask("GET", path)
        if answer.status_code != 200:
            self._promises.never.append(f"look: {answer.status_code} {answer.text[:200]}")
            return
        self._note(one, answer.json())

    def _post(self, one: Opened, event: str) -> None:
        answer = self._ask("POST", f"/v1/activations/act_{one.id}/{event}", str(uuid.uuid4()), json={})
        told = answer.json()
        if answer.status_code == 200:
            self._note(one, told)
        elif answer.status_code == 409:
            self._note(one, told["activation"])
            if told["code"] == "code_arrived":
                self._promises.too_late_to_cancel.append(one.id)
        else:
            self._promises.never.append(f"{event}: {answer.status_code} {answer.text[:200]}")

    def _note(self, one: Opened, told: dict[str, Any]) -> None:
        self._promises.codes_shown += [(one.id, each["code"]) for each in told["messages"] if each["code"]]
        if told["closed_at"] is not None:
            self._promises.ended.append((one.id, told["state"]))
        if (told["refund"] is None) == (told["state"] in ("cancelled", "expired")):
            self._promises.never.append(f"act_{one.id}, {told['state']}, has the refund {told['refund']}")

    def _ask(self, method: str, path: str, key: str | None = None, **given: Any) -> httpx.Response:
        headers = {"idempotency-key": key} if key else {}
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                answer = self._client.request(method, path, headers=headers, **given)
            except httpx.TransportError:
                self._promises.retries["no answer"] += 1
            else:
                self._promises.answers[f"{method} {answer.status_code}"] += 1
                if answer.status_code < 400 or not self._is_again(answer):
                    return answer
            time.sleep(0.05 + 0.2 * self._chance.random())
        raise TimeoutError(f"{method} {path} was not answered within {_PATIENCE_SECONDS:.0f} s")

    def _is_again(self, answer: httpx.Response) -> bool:
        code = answer.json()["code"] if "json" in answer.headers["content-type"] else answer.text[:80]
        if answer.status_code == 500:
            self._promises.never.append(f"{answer.request.url.path}: 500 {answer.text[:300]}")
        is_again = answer.status_code == 500 or (answer.status_code, code) in _AGAIN
        if is_again:
            self._promises.retries[code] += 1
        return is_again
