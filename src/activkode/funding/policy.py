"""The policy of top-ups as data: what can be paid in, when it counts, and what each event does to a deposit in each state.

Pages, documents, SQL and tests read this file; nothing else may state a figure or a rule again (POLICY 2.2).
"""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a deposit stands. Nothing paid to one of our addresses is ever without one."""

    SEEN = "seen"
    CONFIRMING = "confirming"
    PRICING = "pricing"
    ACCUMULATING = "accumulating"
    CREDITED = "credited"
    REPLACED = "replaced"
    ORPHANED = "orphaned"
    IGNORED = "ignored"
    UNDER_CASE = "under_case"
    REVERSED = "reversed"


# What may still become a credit by itself, once its block is deep enough.
RIPENING = (State.CONFIRMING, State.PRICING, State.ACCUMULATING)


class Event(StrEnum):
    """What can happen to a deposit."""

    SIGHT = "sight"
    MINE = "mine"
    UNMINE = "unmine"
    REPLACE = "replace"
    VANISH = "vanish"
    LACK_RATE = "lack_rate"
    LACK_DEPTH = "lack_depth"
    LACK_AMOUNT = "lack_amount"
    CREDIT = "credit"
    REVERSE = "reverse"
    FALL_SHORT = "fall_short"
    DOUBT = "doubt"
    DISMISS = "dismiss"
    DECIDE_CREDIT = "decide_credit"
    DECIDE_CLOSE = "decide_close"
    WRITE_OFF = "write_off"


class Movement(StrEnum):
    """The kinds of ledger movement a deposit can cause; each asset has its own (ledger/movements.py)."""

    TOPUP = "topup"
    REVERSAL = "topup_reversal"
    RESTORED = "topup_restored"
    WRITTEN_OFF = "topup_written_off"


class Reason(StrEnum):
    """Why a deposit is not simply credited: stored with it and told to whoever may see it."""

    ZERO_AMOUNT = "zero_amount"
    UNKNOWN_TOKEN = "unknown_token"  # noqa: S105 - a word of the trade, no password
    MALFORMED = "malformed"
    WRONG_ASSET = "wrong_asset"
    FAILED = "failed"
    INTERNAL_TRANSFER = "internal_transfer"
    RECEIVED_LESS = "received_less"
    BEYOND_LIMIT = "beyond_limit"
    COINBASE = "coinbase"
    SHORTFALL = "shortfall"
    VANISHED = "vanished"
    DOUBLE_SPENT = "double_spent"
    CLOSED = "closed"


# What a person has to look at; the others end in `ignored` or `replaced` by themselves.
DOUBTS = (
    Reason.WRONG_ASSET,
    Reason.INTERNAL_TRANSFER,
    Reason.RECEIVED_LESS,
    Reason.BEYOND_LIMIT,
    Reason.COINBASE,
    Reason.SHORTFALL,
)
# 2.2.5: recorded with the reason, never credited, no case.
IGNORABLE = (Reason.ZERO_AMOUNT, Reason.UNKNOWN_TOKEN, Reason.MALFORMED, Reason.FAILED)


class Asset(StrEnum):
    """What can be paid in."""

    USDT_TRC20 = "USDT-TRC20"
    BTC = "BTC"
    ETH = "ETH"


class Chain(StrEnum):
    """Where it is paid in."""

    BITCOIN = "bitcoin"
    ETHEREUM = "ethereum"
    TRON = "tron"


@dataclass(frozen=True)
class AssetRule:
    """An asset, its chain, its smallest unit (10^-decimals), whether it counts as one dollar while the market agrees,
    and its name in the names of ledger movements."""

    asset: Asset
    chain: Chain
    name: str
    network: str
    decimals: int
    is_dollar: bool
    coin: str


ASSETS: tuple[AssetRule, ...] = (
    AssetRule(Asset.USDT_TRC20, Chain.TRON, "Tether USD", "TRON (TRC-20)", 6, True, "usdt_trc20"),
    AssetRule(Asset.BTC, Chain.BITCOIN, "Bitcoin", "Bitcoin", 8, False, "btc"),
    AssetRule(Asset.ETH, Chain.ETHEREUM, "Ether", "Ethereum (main network)", 18, False, "eth"),
)
BY_ASSET = {rule.asset: rule for rule in ASSETS}


class FeeCoin(StrEnum):
    """What a chain's fees are paid in where that is nothing that can be paid in: priced like the assets, and no more."""

    TRX = "TRX"


Priced = Asset | FeeCoin


@dataclass(frozen=True)
class Fee:
    """What an asset's network is paid in, by its name among the rates, and its smallest unit (10^-decimals)."""

    coin: Priced
    decimals: int


FEES: dict[Asset, Fee] = {
    Asset.USDT_TRC20: Fee(FeeCoin.TRX, 6),
    Asset.BTC: Fee(Asset.BTC, 8),
    Asset.ETH: Fee(Asset.ETH, 18),
}


@dataclass(frozen=True)
class ChainRule:
    """When a block counts (2.2.2). `confirmations` are blocks from the deposit's own on, that one included; with
    `final_only` the chain's own word of finality is waited for as well. Above `deep_above_micros` the `deep_` figures
    hold instead. A newest block older than `quiet_seconds` is a trouble of the node (one of Bitcoin's 400 intervals is so
    long). A fork that is deeper than `deepest_fork` stops the watcher until a person has looked."""

    chain: Chain
    confirmations: int
    final_only: bool
    deep_above_micros: int
    deep_confirmations: int
    deep_final: bool
    block_seconds: int
    quiet_seconds: int
    deepest_fork: int


_THOUSAND = 1_000_000_000
CHAINS: tuple[ChainRule, ...] = (
    ChainRule(Chain.BITCOIN, 2, False, _THOUSAND, 6, False, 600, 3600, 100),
    ChainRule(Chain.ETHEREUM, 12, False, _THOUSAND, 12, True, 12, 60, 200),
    ChainRule(Chain.TRON, 1, True, _THOUSAND, 1, True, 3, 30, 200),
)
BY_CHAIN = {rule.chain: rule for rule in CHAINS}


class Figure(StrEnum):
    """Names of the figures below."""

    TOPUP_LEAST_MICROS = "topup_least_micros"
    TOPUP_MOST_MICROS = "topup_most_micros"
    RATE_SOURCES = "rate_sources"
    RATE_AGE_SECONDS = "rate_age_seconds"
    RATE_SPREAD_PERCENT = "rate_spread_percent"
    RATE_JUMP_PERCENT = "rate_jump_percent"
    RATE_JUMP_SECONDS = "rate_jump_seconds"
    PEG_PERCENT = "peg_percent"
    PENDING_DAYS = "pending_days"
    RESCAN_DAYS = "rescan_days"
    BLOCKS_KEPT_DAYS = "blocks_kept_days"
    TOPUP_ERROR_DAYS = "topup_error_days"


FIGURES: dict[Figure, int] = {
    Figure.TOPUP_LEAST_MICROS: 1_000_000,  # 2.2.4: below it deposits add up, per asset, until they reach it
    Figure.TOPUP_MOST_MICROS: 10**15,  # a billion dollars in one payment is looked at by a person first
    Figure.RATE_SOURCES: 3,  # 2.2.3: a median of at least so many
    Figure.RATE_AGE_SECONDS: 120,  # 2.2.3: no older at the moment of crediting
    Figure.RATE_SPREAD_PERCENT: 2,  # 2.2.3: sources that differ by more credit nothing
    Figure.RATE_JUMP_PERCENT: 25,  # a median that jumps by more from a young one is not believed
    Figure.RATE_JUMP_SECONDS: 60 * 60,  # for so long a rate is young enough to doubt its successor
    Figure.PEG_PERCENT: 2,  # 2.2.3: USDT counts as 1.00 unless it is further off
    Figure.PENDING_DAYS: 14,  # a payment in no block and no mempool for so long is given up
    Figure.RESCAN_DAYS: 3,  # looked through again every night, by a second source
    Figure.BLOCKS_KEPT_DAYS: 10,  # hashes and parents of blocks; deposits are kept for ever
    Figure.TOPUP_ERROR_DAYS: 7,  # 1.5: a top-up made in error
}


@dataclass(frozen=True)
class Rule:
    """What `event` does in `state`: go `to` (None: nothing changes) with a `movement`. `state` None: nothing was known of
    the deposit before. `why` is for the reader and the documents."""

    event: Event
    state: State | None
    to: State | None
    movement: Movement | None
    why: str


def _go(
    event: Event, states: tuple[State | None, ...], to: State, why: str, movement: Movement | None = None
) -> list[Rule]:
    return [Rule(event, state, to, movement, why) for state in states]


_S, _E, _M = State, Event, Movement
_MOVES: tuple[Rule, ...] = (
    *_go(_E.SIGHT, (None, _S.ORPHANED, _S.REPLACED), _S.SEEN, "It waits in the mempool: shown, not counted."),
    *_go(
        _E.MINE,
        (None, _S.SEEN, _S.ORPHANED, _S.REPLACED, _S.REVERSED),
        _S.CONFIRMING,
        "It stands in a block; more have to follow.",
    ),
    *_go(_E.UNMINE, RIPENING, _S.ORPHANED, "Its block is no longer part of the chain."),
    *_go(_E.REPLACE, (_S.SEEN, _S.ORPHANED), _S.REPLACED, "Another payment spent the same coins."),
    *_go(_E.VANISH, (_S.SEEN, _S.ORPHANED), _S.REPLACED, "It has not been seen for two weeks."),
    *_go(
        _E.LACK_RATE,
        (_S.CONFIRMING, _S.ACCUMULATING),
        _S.PRICING,
        "Deep enough, but there is no rate to trust.",
    ),
    *_go(
        _E.LACK_DEPTH,
        (_S.PRICING, _S.ACCUMULATING),
        _S.CONFIRMING,
        "An amount like this waits for more blocks.",
    ),
    *_go(
        _E.LACK_AMOUNT,
        (_S.CONFIRMING, _S.PRICING),
        _S.ACCUMULATING,
        "It counts once it adds up to the minimum.",
    ),
    *_go(_E.CREDIT, RIPENING, _S.CREDITED, "Final, priced, and in the balance.", _M.TOPUP),
    *_go(
        _E.REVERSE,
        (_S.CREDITED, *RIPENING),
        _S.REVERSED,
        "Its block is gone, and so is the credit.",
        _M.REVERSAL,
    ),
    *_go(
        _E.FALL_SHORT,
        (_S.CREDITED, *RIPENING),
        _S.UNDER_CASE,
        "Its block is gone; the balance held less.",
        _M.REVERSAL,
    ),
    *_go(
        _E.MINE,
        (_S.IGNORED,),
        _S.CONFIRMING,
        "It failed in a block that is gone, and was carried out in another.",
    ),
    *_go(
        _E.DISMISS,
        (_S.SEEN, _S.ORPHANED, _S.REPLACED),
        _S.IGNORED,
        "It stands in a block, and moved nothing there.",
    ),
    *_go(
        _E.DOUBT,
        (None, _S.SEEN, _S.ORPHANED, _S.REPLACED, _S.IGNORED, *RIPENING),
        _S.UNDER_CASE,
        "A person has to look at it.",
    ),
    *_go(
        _E.DECIDE_CREDIT,
        (_S.UNDER_CASE,),
        _S.CONFIRMING,
        "A person accepted it; it is credited as others are.",
    ),
    *_go(_E.DECIDE_CLOSE, (_S.UNDER_CASE,), _S.IGNORED, "A person closed it, with a reason."),
    *_go(
        _E.WRITE_OFF,
        (_S.UNDER_CASE,),
        _S.REVERSED,
        "What was spent before the chain took it back is written off.",
        _M.WRITTEN_OFF,
    ),
)
_TO = {(rule.event, rule.state): rule for rule in _MOVES}
# Every pair has a rule: what is not named above changes nothing.
RULES: tuple[Rule, ...] = tuple(
    _TO.get((event, state)) or Rule(event, state, None, None, "Nothing changes.")
    for event in Event
    for state in State
)
BY_PAIR: dict[tuple[Event, State], Rule] = {(rule.event, rule.state): rule for rule in RULES if rule.state}
FIRST: dict[Event, State] = {rule.event: rule.to for rule in _MOVES if rule.state is None and rule.to}
EDGES: frozenset[tuple[State, State]] = frozenset(
    (rule.state, rule.to) for rule in RULES if rule.state and rule.to and rule.to != rule.state
)
