"""What the clock does about cases: escalates what is due, goes on where no answer came, opens cases that the system itself
owes, counts kept promises. Each may be run by several clocks at once and repeated at any time.

Every function raises TryLater when the database cannot be reached.
"""

from contextlib import suppress

from activkode.core import sql
from activkode.core.errors import Refusal
from activkode.support import operations
from activkode.support.operations import Opening
from activkode.support.policy import Channel, Kind

_SAID = {
    "promise": "The refund of this activation came later than promised, or is still to come.",
    "finding": "An audit of the books found something that must not be.",
    "topup": "This payment is not credited by itself.",
    "withdrawal": "This withdrawal is not paid by the date that was given.",
}
# A top-up tells of itself by mail.
_SILENT = ("finding", "topup")


def escalate(limit: int) -> int:
    """Tells operators of what has used up half of its time and of what is due, once for each date. How many."""
    return int(sql.value("select fn.escalate(%s)", (limit,)))


def resume_unanswered(limit: int) -> int:
    """Goes on with cases whose question was never answered. How many were tried."""
    waiting = [row[0] for row in sql.rows("select fn.cases_unanswered(%s)", (limit,))]
    for case_id in waiting:
        with suppress(Refusal):  # the answer came meanwhile
            operations.resume_unanswered(case_id)
    return len(waiting)


def open_missing(limit: int) -> list[int]:
    """Opens the cases that the system owes: late refunds, findings of the audit, top-ups that wait for a person, late
    withdrawals; one for each cause. The cases that were opened."""
    missing = sql.rows(
        "select origin, customer_id, kind, activation_id, deposit_id, withdrawal_id, detail from fn.cases_missing(%s)",
        (limit,),
    )
    made = []
    for origin, customer_id, kind, activation_id, deposit_id, withdrawal_id, detail in missing:
        cause = origin.partition(":")[0]
        said = f"{_SAID[cause]} ({detail})" if detail else _SAID[cause]
        opened = operations.open(
            Opening(
                Kind(kind),
                Channel.SYSTEM,
                said,
                customer_id,
                activation_id=activation_id,
                deposit_id=deposit_id,
                withdrawal_id=withdrawal_id,
                origin=origin,
                acknowledge=cause not in _SILENT,
            )
        )
        made += [] if opened.joined else [opened.case_id]
    return made


def refresh_figures() -> None:
    """The published shares of kept promises."""
    sql.execute("select fn.support_figures_refresh()")
