"""Parts of addresses that hold an id; one that no id can be is no page, so that no query ever sees it."""

from activkode.core import ids


class ActivationId:
    """An activation's public id."""

    regex = ids.ACTIVATION + "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """The number that the public id stands for."""
        return ids.read(ids.ACTIVATION, value)

    def to_url(self, value: int) -> str:
        """The public id."""
        return ids.show(ids.ACTIVATION, value)


class Number:
    """A plain id, as the database counts."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The digits."""
        return str(value)
