"""The policy of withdrawals as data and as a page; must never state a figure of its own."""

from dataclasses import asdict
from typing import Any

from activkode.core.tables import table
from activkode.withdrawals import policy


def document() -> dict[str, Any]:
    """Figures and rules as plain values."""
    return {
        "figures": {figure.value: number for figure, number in policy.FIGURES.items()},
        "rules": [asdict(rule) for rule in policy.RULES],
    }


def page() -> str:
    """The part of docs/policy.md about withdrawals."""
    return "\n".join(
        [
            "# Withdrawals",
            "",
            "What is left of the cash balance can leave. Nothing is set aside before you confirm, and money leaves only",
            "when the network has confirmed the payment. Whatever is not listed is refused: nothing goes backwards.",
            "",
            "## Figures of withdrawals",
            "",
            table(("figure", "value"), [(f"`{name}`", str(value)) for name, value in policy.FIGURES.items()]),
            "## What each event does to a withdrawal",
            "",
            table(
                ("event", "state", "becomes", "money", "why"),
                [(rule.event, rule.state, rule.to, rule.movement, rule.why) for rule in policy.RULES],
            ),
        ]
    )
