"""Every .txt file beside this one is a story that must come out as written."""

from pathlib import Path

import pytest

import cast
from scenarios.interpreter import Story

STORIES = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.django_db
@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story_comes_out_as_written(path: Path) -> None:
    cast.shelf()
    story = Story()
    for line in path.read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            story.play(line)


def test_there_are_at_least_twenty_stories() -> None:
    assert len(STORIES) >= 20
