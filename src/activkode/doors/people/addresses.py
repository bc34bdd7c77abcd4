"""Parts of addresses that hold an id; one that no id can be is no page, so that no query ever sees it."""

from activkode.core import ids
from activkode.funding.policy import Asset


class PublicId:
    """A public id: its prefix and a number."""

    prefix = ""
    regex = ""

    def to_python(self, value: str) -> int:
        """The number that the public id stands for."""
        return ids.read(self.prefix, value)

    def to_url(self, value: int) -> str:
        """The public id."""
        return ids.show(self.prefix, value)


class ActivationId(PublicId):
    """An activation's public id."""

    prefix = ids.ACTIVATION
    regex = ids.ACTIVATION + "[1-9][0-9]{0,17}"


class DepositId(PublicId):
    """A top-up's public id."""

    prefix = ids.DEPOSIT
    regex = ids.DEPOSIT + "[1-9][0-9]{0,17}"


class WithdrawalId(PublicId):
    """A withdrawal's public id."""

    prefix = ids.WITHDRAWAL
    regex = ids.WITHDRAWAL + "[1-9][0-9]{0,17}"


class PayoutId(PublicId):
    """A payout's public id."""

    prefix = ids.PAYOUT
    regex = ids.PAYOUT + "[1-9][0-9]{0,17}"


class CaseId(PublicId):
    """A case's public id."""

    prefix = ids.CASE
    regex = ids.CASE + "[1-9][0-9]{0,17}"


class Token:
    """What nobody can guess: whoever has it may see what it names."""

    regex = "[A-Za-z0-9_-]{32}"

    def to_python(self, value: str) -> str:
        """The token."""
        return value

    def to_url(self, value: str) -> str:
        """The token."""
        return value


class AssetName:
    """What can be paid in."""

    regex = "|".join(Asset)

    def to_python(self, value: str) -> Asset:
        """The asset."""
        return Asset(value)

    def to_url(self, value: Asset) -> str:
        """Its name."""
        return str(value)


class Number:
    """A plain id, as the database counts."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        """The number."""
        return int(value)

    def to_url(self, value: int) -> str:
        """The digits."""
        return str(value)
