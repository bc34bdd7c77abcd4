"""The policy of cases as data and as a page; must never state a figure of its own."""

from dataclasses import asdict
from typing import Any

from activkode.core.tables import table
from activkode.support import policy, proposals


def document() -> dict[str, Any]:
    """Kinds, figures, rules, what may be decided, and what is proposed, as plain values."""
    return {
        "kinds": [asdict(rule) for rule in policy.KINDS],
        "figures": {figure.value: number for figure, number in policy.FIGURES.items()},
        "rules": [asdict(rule) for rule in policy.RULES],
        "decisions": [asdict(rule) for rule in policy.CLAUSES],
        "proposals": [asdict(one) | {"facts": sorted(one.facts)} for one in proposals.PROPOSALS],
    }


def page() -> str:
    """The part of docs/policy.md about cases."""
    return "\n".join(
        [
            "# Cases",
            "",
            "What no rule can decide is decided by a person, with a clause and a reason; the records propose a decision.",
            "",
            "## Kinds of cases",
            "",
            table(
                ("kind", "title", "about", "refused when too late"),
                [(f"`{rule.kind}`", rule.title, rule.about, rule.too_late) for rule in policy.KINDS],
            ),
            "## Figures of cases",
            "",
            table(("figure", "value"), [(f"`{name}`", str(value)) for name, value in policy.FIGURES.items()]),
            "## What each event does to a case",
            "",
            table(
                ("event", "state", "becomes", "refusal", "told", "why"),
                [
                    (rule.event, rule.state, rule.to, rule.refusal, rule.told, rule.why)
                    for rule in policy.RULES
                ],
            ),
            "## What may be decided",
            "",
            table(
                ("outcome", "clause", "about", "money"),
                [(rule.outcome, f"`{rule.clause}`", rule.about, rule.money) for rule in policy.CLAUSES],
            ),
            "## What the records propose",
            "",
            "The first line whose facts all hold.",
            "",
            table(
                ("facts", "outcome", "clause", "why"),
                [
                    (", ".join(sorted(one.facts)), one.outcome, one.clause, one.why)
                    for one in proposals.PROPOSALS
                ],
            ),
        ]
    )
