"""Files that come with a form: how many, how large, and what is kept of each."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from activkode.core.errors import Refusal
from activkode.support import screenshots
from activkode.support.policy import FIGURES, Figure
from activkode.support.screenshots import File

MOST_AT_ONCE = 3
_MEGA = 1_000_000
LIMITS = (
    f"Up to {MOST_AT_ONCE} at a time, each up to {FIGURES[Figure.SCREENSHOT_BYTES_MOST] // _MEGA} MB. PNG, JPEG and WebP"
    f" up to {FIGURES[Figure.SCREENSHOT_PIXELS_MOST] // _MEGA} megapixels are shown, without what a camera writes into"
    " them; anything else is kept as a download. Archives are not opened."
)


class Several(forms.ClearableFileInput):
    """An input for several files."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files, at most so many."""

    widget = Several

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._most = most

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Each of them."""
        given = [one for one in (data if isinstance(data, list | tuple) else [data]) if one is not None]
        if len(given) > self._most:
            raise forms.ValidationError(f"At most {self._most} files at a time.")
        if not given:
            return [] if not self.required else [super().clean(None, initial)]
        return [super(Files, self).clean(one, initial) for one in given]


def read(uploads: list[UploadedFile]) -> list[File]:
    """What is kept of each; takes a while. Raises Refusal(body_too_large, invalid_request)."""
    return [screenshots.read(one.name or "file", one.read()) for one in uploads]


def attach(files: list[File], keep: Callable[[File], int]) -> list[str]:
    """Keeps each; what is not kept, in words."""
    wrong = []
    for file in files:
        try:
            keep(file)
        except Refusal as refusal:
            wrong.append(f"{file.name}: {refusal.told}")
    return wrong
