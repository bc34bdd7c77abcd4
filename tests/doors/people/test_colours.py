"""The colours of both schemes are far enough apart to be read (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

from activkode.doors import people

TOKENS = (Path(people.__file__).parent / "static/people/tokens.css").read_text()
TEXT, PARTS = 4.5, 3.0
ON = {
    "ink": ("ground", "surface", "sunken"),
    "soft": ("ground", "surface", "sunken"),
    "accent": ("ground", "surface", "accent-soft", "sunken"),
    "accent-strong": ("ground", "surface"),
    "good": ("good-soft", "surface"),
    "wait": ("wait-soft", "surface"),
    "bad": ("bad-soft", "surface", "ground"),
    "back": ("back-soft", "surface"),
    "on-accent": ("accent", "accent-strong"),
    "on-hero": ("hero",),
    "hero-soft": ("hero",),
    "hero": ("on-hero", "hero-soft"),
}
EDGES = {"edge": ("ground", "surface"), "focus": ("ground", "surface"), "accent": ("sunken",)}


def _scheme(name: str) -> dict[str, str]:
    light, _, dark = TOKENS.partition("prefers-color-scheme: dark")
    colours = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light))
    return colours | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", dark)) if name == "dark" else {})


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself_is_right() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read_on_every_ground_it_stands_on(scheme: str) -> None:
    colours = _scheme(scheme)
    poor = {
        f"{text} on {ground}": round(_contrast(colours[text], colours[ground]), 2)
        for text, grounds in ON.items()
        for ground in grounds
        if _contrast(colours[text], colours[ground]) < TEXT
    }

    assert not poor


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_and_the_focus_can_be_seen(scheme: str) -> None:
    colours = _scheme(scheme)
    poor = {
        f"{edge} on {ground}": round(_contrast(colours[edge], colours[ground]), 2)
        for edge, grounds in EDGES.items()
        for ground in grounds
        if _contrast(colours[edge], colours[ground]) < PARTS
    }

    assert not poor


def test_colours_have_one_home() -> None:
    folder = Path(people.__file__).parent / "static/people"
    strays = {
        path.name: re.findall(r"#[0-9a-fA-F]{3,8}\b", path.read_text())
        for path in folder.glob("*.css")
        if path.name != "tokens.css"
    }

    assert {name: found for name, found in strays.items() if found} == {
        "pages.css": ["#fff"]
    }  # a QR code is black on white
