"""What a measurement is: a figure beside its baseline from the same run, and what the ratio has to be."""

import json
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

OUT = Path(__file__).parent / "out.json"


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured: the full bench, or a quick look that has no say."""

    rounds: int
    seconds: int
    scale: int
    numbers: int
    due: tuple[int, ...]
    transfers: tuple[int, int]
    messages: int
    board: int
    streams: int
    blocks: int
    addresses: tuple[int, int]
    payments: int


FULL = Size(
    5,
    8,
    50,
    400_000,
    (5_000, 50_000, 500_000),
    (10_000, 10_000_000),
    2_000,
    50_000,
    1_000,
    200,
    (1_000, 1_000_000),
    30,
)
QUICK = Size(1, 1, 2, 20_000, (1_000, 5_000), (10_000, 50_000), 100, 500, 20, 5, (1_000, 200_000), 3)


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` is value / baseline; it holds when it is at least `least`, or with `most` at most that."""

    figure: str
    value: float
    unit: str
    baseline: float
    ratio: float
    least: float | None
    most: float | None
    held: bool


def row(
    figure: str,
    value: float,
    unit: str,
    baseline: float,
    *,
    least: float | None = None,
    most: float | None = None,
) -> Row:
    """A row, judged."""
    ratio = value / baseline
    held = (least is None or ratio >= least) and (most is None or ratio <= most)
    return Row(figure, round(value, 3), unit, round(baseline, 3), round(ratio, 3), least, most, held)


def alternate(rounds: int, *calls: Callable[[], float]) -> list[float]:
    """Runs the calls in turn, so that a noisy minute touches all of them; the median of each."""
    found: list[list[float]] = [[] for _ in calls]
    for _ in range(rounds):
        for values, call in zip(found, calls, strict=True):
            values.append(call())
    return [statistics.median(values) for values in found]


def percentile(values: list[float], share: float) -> float:
    """The value below which that share lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def show(rows: list[Row]) -> None:
    """Prints the table and writes bench/out.json."""
    print(f"\n{'figure':<58}{'value':>12} {'unit':<8}{'baseline':>12}{'ratio':>8}  {'wanted':<10}")
    for each in rows:
        wanted = (
            "-"
            if each.least is each.most is None
            else f">= {each.least}"
            if each.least is not None
            else f"<= {each.most}"
        )
        print(
            f"{each.figure:<58}{each.value:>12,.1f} {each.unit:<8}{each.baseline:>12,.1f}{each.ratio:>8.2f}  {wanted:<10}{'held' if each.held else 'FELL SHORT'}",
            flush=True,
        )
    OUT.write_text(json.dumps([asdict(each) for each in rows], indent=1) + "\n")
