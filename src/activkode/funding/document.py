"""The policy of top-ups as data and as a page; must never state a figure of its own."""

from dataclasses import asdict
from typing import Any

from activkode.core.tables import table
from activkode.funding import policy


def document() -> dict[str, Any]:
    """Assets, confirmations, figures and rules as plain values."""
    return {
        "assets": [asdict(asset) for asset in policy.ASSETS],
        "chains": [asdict(chain) for chain in policy.CHAINS],
        "figures": {figure.value: number for figure, number in policy.FIGURES.items()},
        "rules": [asdict(rule) for rule in policy.RULES if rule.to],
    }


def page() -> str:
    """The part of docs/policy.md about top-ups."""
    return "\n".join(
        [
            "# Top-ups",
            "",
            "What is credited is one event of a chain, once, for ever. Whatever is not listed changes nothing.",
            "",
            "## Assets",
            "",
            table(
                ("asset", "network", "confirmations", "above", "confirmations then"),
                [_asset(asset) for asset in policy.ASSETS],
            ),
            "## Figures of top-ups",
            "",
            table(("figure", "value"), [(f"`{name}`", str(value)) for name, value in policy.FIGURES.items()]),
            "## What each event does to a deposit",
            "",
            table(
                ("event", "state", "becomes", "money", "why"),
                [
                    (rule.event, rule.state, rule.to, rule.movement, rule.why)
                    for rule in policy.RULES
                    if rule.to
                ],
            ),
        ]
    )


def _asset(asset: policy.AssetRule) -> tuple[str, ...]:
    chain = policy.BY_CHAIN[asset.chain]
    return (
        f"`{asset.asset}`",
        asset.network,
        _depth(chain.confirmations, chain.final_only),
        f"${chain.deep_above_micros // 1_000_000:,}",
        _depth(chain.deep_confirmations, chain.deep_final),
    )


def _depth(confirmations: int, is_final: bool) -> str:
    return "final" if is_final else str(confirmations)
