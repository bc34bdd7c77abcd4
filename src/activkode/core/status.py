"""What the status page and GET /v1/status publish: kept promises as measured, outages, and which processes are alive."""

from typing import Any

from activkode.core import sql

_ALIVE_SECONDS = 20
_BY_DATE = ("case_decisions", "withdrawals_paid")


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
        "deadlines": {"automatic_refunds": {"due": value.get("count", 0), "kept": value.get("kept", 0)}}
        | _decided(),
        "outages": _outages(),
        "sources": _sources(),
        "computed_at": figure[1] if figure else None,
        "now": sql.value("select fn.stamp(fn.now())"),
    }


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1000, 3)


def _decided() -> dict[str, dict[str, int]]:
    """What persons decide and pay by a date: due and kept over 30 and 90 days, what is open, and what of it is late."""
    found = sql.rows("select name, value::json from core_figure where name = any(%s)", (list(_BY_DATE),))
    return {
        name: {
            **{key: value["30"][key] for key in ("due", "kept")},
            **{f"{key}_90_days": value["90"][key] for key in ("due", "kept")},
            **{key: value[key] for key in ("open", "overdue")},
        }
        for name, value in found
    }


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
