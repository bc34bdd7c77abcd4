"""What the status page and GET /v1/status publish: kept promises as measured, outages, and which processes are alive."""

from typing import Any

from activkode.core import sql

_ALIVE_SECONDS = 20


def read() -> dict[str, Any]:
    """Refund delay over 30 days in seconds beside the promise, outages of 30 days, sources' health. Raises TryLater."""
    figure = sql.one("select value::json, fn.stamp(computed_at) from core_figure where name = 'refund_delay'")
    value: dict[str, Any] = figure[0] if figure else {}
    return {
        "refund_delay_seconds": {
            "p50": _seconds(value.get("p50_ms")),
            "p99": _seconds(value.get("p99_ms")),
            "max": _seconds(value.get("max_ms")),
            "promise": _seconds(value.get("promise_ms")),
            "days": 30,
            "refunds": value.get("count", 0),
        },
        "deadlines": {"automatic_refunds": {"due": value.get("count", 0), "kept": value.get("kept", 0)}},
        "outages": _outages(),
        "sources": _sources(),
        "computed_at": figure[1] if figure else None,
        "now": sql.value("select fn.stamp(fn.now())"),
    }


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1000, 3)


def _outages() -> list[dict[str, str]]:
    found = sql.rows(
        "select fn.stamp(started_at), fn.stamp(ended_at) from core_outage"
        " where ended_at > fn.now() - interval '30 days' order by id desc limit 50"
    )
    return [{"from": row[0], "to": row[1]} for row in found]


def _sources() -> list[dict[str, Any]]:
    found = sql.rows(
        "select name, at > fn.now() - make_interval(secs => %s), fn.stamp(at) from core_heartbeat order by name",
        (_ALIVE_SECONDS,),
    )
    return [{"name": row[0], "healthy": row[1], "seen_at": row[2]} for row in found]
