"""Moves a test's clock, the only one that domain code reads."""

from activkode.activations import operations as activations
from activkode.core import sql
from activkode.support import deadlines


def to(moment: str) -> None:
    """Sets the clock to a time of UTC such as 2026-12-24 10:00; no clock of the house ran meanwhile."""
    sql.value("select fn.beat('clock')")
    by(str(sql.value("select %s::timestamp at time zone 'UTC' - fn.now()", (moment,))))
    sql.value("select fn.beat('clock')")
    works_off()


def by(interval: str) -> None:
    """Sets the clock forward."""
    sql.execute(
        "select set_config('activkode_test.shift',"
        " (coalesce(nullif(current_setting('activkode_test.shift', true), ''), '0')::interval + %s::interval)::text, true)",
        (interval,),
    )


def works_off() -> None:
    """The clock of the house does what is due."""
    activations.expire_due(1000)
    deadlines.escalate(1000)
    sql.execute("update core_outbox set delivered_at = fn.now() where delivered_at is null")
