"""The policy as data for everybody: stored per version, served as GET /v1/policy, shown on the policy page, written
into docs/policy.md. One source; must never state a figure of its own.
"""

from dataclasses import asdict
from typing import Any

from activkode.activations import policy
from activkode.core.tables import table


def document() -> dict[str, Any]:
    """Version, clauses, figures and rules as plain values."""
    return {
        "version": policy.VERSION,
        "clauses": [asdict(clause) for clause in policy.CLAUSES],
        "figures": {figure.value: number for figure, number in policy.FIGURES.items()},
        "rules": [asdict(rule) for rule in policy.RULES],
    }


def page() -> str:
    """docs/policy.md: the clauses, the figures, and the table of states and events."""
    return "\n".join(
        [
            f"# Policy, version {policy.VERSION}",
            "",
            "Refunds go to the account balance. The clause that decided stands on every refund and refusal.",
            "",
            "## Clauses",
            "",
            table(
                ("clause", "situation", "route", "time"),
                [(f"`{c.name}`", c.situation, c.route, c.within) for c in policy.CLAUSES],
            ),
            "## Figures",
            "",
            table(("figure", "value"), [(f"`{name}`", str(value)) for name, value in policy.FIGURES.items()]),
            "## What each event does in each state",
            "",
            table(
                ("event", "state", "becomes", "money", "clause", "refusal", "why"),
                [(r.event, r.state, r.to, r.movement, r.clause, r.refusal, r.why) for r in policy.RULES],
            ),
        ]
    )
