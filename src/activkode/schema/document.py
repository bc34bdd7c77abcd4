"""The whole policy as data, for everybody: stored per version, served as GET /v1/policy, shown on the policy page and
written into docs/policy.md. Puts together what the packages say; must never state a figure of its own.
"""

from typing import Any

from activkode.activations import document as activations
from activkode.funding import document as topups
from activkode.support import document as cases
from activkode.withdrawals import document as withdrawals


def document() -> dict[str, Any]:
    """Version, clauses, figures and rules as plain values; those of each part under its name."""
    return activations.document() | {
        "topups": topups.document(),
        "withdrawals": withdrawals.document(),
        "cases": cases.document(),
    }


def page() -> str:
    """docs/policy.md."""
    return "\n".join((activations.page(), topups.page(), withdrawals.page(), cases.page()))
