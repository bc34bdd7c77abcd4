"""The whole policy as data, for everybody: stored per version, served as GET /v1/policy, shown on the policy page and
written into docs/policy.md. Puts together what the packages say; must never state a figure of its own.
"""

from typing import Any

from activkode.activations import document as activations
from activkode.funding import document as topups


def document() -> dict[str, Any]:
    """Version, clauses, figures and rules as plain values; those of top-ups under `topups`."""
    return activations.document() | {"topups": topups.document()}


def page() -> str:
    """docs/policy.md."""
    return activations.page() + "\n" + topups.page()
