"""The policy as data for everybody: stored per version, served as GET /v1/policy, shown on the policy page, written
into docs/policy.md. One source; must never state a figure of its own.
"""

from dataclasses import asdict
from typing import Any

from activkode.activations import policy


def document() -> dict[str, Any]:
    """Version, clauses, figures and rules as plain values."""
    return {
        "version": policy.VERSION,
        "clauses": [asdict(clause) for clause in policy.CLAUSES],
        "figures": {figure.value: number for figure, number in policy.FIGURES.items()},
        "rules": [asdict(rule) for rule in policy.RULES],
    }
