"""A person who is signed in to the pages and keeps reloading one: it is shown, or the page says that it is not now."""

import time
from collections.abc import Callable
from typing import Any

import httpx

from faults.promises import Promises


class Visitor:
    """One browser."""

    def __init__(self, url: str, account: dict[str, Any], promises: Promises) -> None:
        self._account, self._promises = account, promises
        self._client = httpx.Client(base_url=url, timeout=20, trust_env=False)

    def browse(self, is_over: Callable[[], bool]) -> None:
        """Until it is over. The session must outlive every process."""
        with self._client:
            while not (is_over() or self._signs_in()):
                time.sleep(0.2)
            while not is_over():
                self._look()
                time.sleep(0.2)

    def _signs_in(self) -> bool:
        try:
            self._client.get("/accounts/login/")
            form = {"login": self._account["email"], "password": self._account["password"]}
            token = {"csrfmiddlewaretoken": self._client.cookies.get("csrf", "")}
            return self._client.post("/accounts/login/", data=form | token).is_redirect
        except httpx.TransportError:
            return False

    def _look(self) -> None:
        try:
            answer = self._client.get("/overview/")
        except httpx.TransportError:
            self._promises.retries["page"] += 1
            return
        self._promises.answers[f"page {answer.status_code}"] += 1
        if answer.status_code not in (200, 503):
            self._promises.never.append(f"page: {answer.status_code} {answer.text[:200]}")
