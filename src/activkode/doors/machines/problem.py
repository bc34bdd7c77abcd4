"""Refusals as RFC 9457 problems, the same in every part of this door, and one log line for each: who, what, which
code, which request; never a key, a query string or a body.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import structlog

from activkode.core.errors import Code, Refusal, TryLater
from activkode.doors.machines import render

MEDIA_TYPE = "application/problem+json"
RETRY_SECONDS = 1
_log = structlog.get_logger("machines")
_KEY = re.compile(r"ak_[A-Za-z0-9_-]*")
_UNKNOWN_OUTCOME = (
    "The service cannot answer right now. Repeat with the same Idempotency-Key: it is carried out once."
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A refusal ready to be sent."""

    status: int
    code: Code
    detail: str
    clause: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    headers: tuple[tuple[str, str], ...] = ()

    def body(self, request_id: str) -> bytes:
        """The JSON document of this problem."""
        told = {
            "type": f"tag:activkode.example,2026:{self.code}",
            "title": self.code.replace("_", " ").capitalize(),
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
        }
        if self.clause is not None:
            told["clause"] = self.clause
        return render.encode(told | self.extra)


def of(error: BaseException, *, writes: bool = False) -> Problem:
    """The problem that an exception means to the caller; anything unknown is our fault and a 500."""
    if isinstance(error, Refusal):
        return _refused(error)
    if isinstance(error, TryLater):
        kind = Refusal(Code.TRY_LATER).kind
        return Problem(
            kind.status,
            Code.TRY_LATER,
            _UNKNOWN_OUTCOME if writes else kind.detail,
            headers=(("retry-after", str(RETRY_SECONDS)),),
        )
    return Problem(500, Code.TRY_LATER, "Something broke on our side; the request id finds it in our log.")


def plain(code: Code, detail: str = "", *, status: int | None = None) -> Problem:
    """A refusal that this door itself has to give."""
    problem = _refused(Refusal(code, detail))
    return problem if status is None else Problem(status, problem.code, problem.detail, problem.clause)


def note(
    problem: Problem, scope: Any, request_id: str, customer: int | None, error: BaseException | None
) -> None:
    """The log line of a failed request."""
    line = _log.error if problem.status == 500 else _log.info
    line(
        "request failed",
        request_id=request_id,
        method=scope["method"],
        path=_KEY.sub("ak_...", scope["path"])[:200],
        status=problem.status,
        code=str(problem.code),
        customer=customer,
        exc_info=error if problem.status == 500 else None,
    )


def _refused(refusal: Refusal) -> Problem:
    headers: tuple[tuple[str, str], ...] = ()
    if refusal.replayed:
        headers += (("idempotent-replayed", "true"),)
    if refusal.code is Code.INVALID_KEY:
        headers += (("www-authenticate", "Bearer"),)
    if refusal.code is Code.TOO_MANY_REQUESTS:
        headers += (("retry-after", str(refusal.extra.get("retry_after", RETRY_SECONDS))),)
    return Problem(
        refusal.kind.status, refusal.code, refusal.told, refusal.clause, render.told_besides(refusal), headers
    )
