"""Balance and statement."""

from datetime import UTC, datetime

from activkode.core.errors import Code, Refusal
from activkode.doors.machines import shapes
from activkode.doors.machines.queries import given
from activkode.doors.machines.render import encode
from activkode.doors.machines.rest.call import Answer, Ask
from activkode.ledger import export, read


def balance(ask: Ask) -> Answer:
    """GET /v1/balance"""
    return Answer(encode(export.balances(read.balance(ask.customer))))


def statement(ask: Ask) -> Answer:
    """GET /v1/statement"""
    query: shapes.StatementQuery = ask.query
    found = read.statement(ask.customer, _moment(given(query.from_)), _moment(given(query.to)))
    if query.format == "csv":
        return Answer(export.csv(found).encode(), "text/csv")
    if query.format == "beancount":
        return Answer(export.beancount(found, ask.customer).encode(), "text/plain")
    return Answer(encode(export.json(found)))


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        # An offset's "+" that was not percent-encoded arrives as a space.
        moment = datetime.fromisoformat(text.upper().replace(" ", "+"))
        if moment.tzinfo is None and len(text) > len("2026-01-31"):
            raise ValueError("a time without a zone is no moment")
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise Refusal(Code.INVALID_REQUEST, "A time is written like 2026-01-31T12:00:00Z.") from None
