"""Top-ups as they are shown: to the last unit."""

from dataclasses import fields

from activkode.funding.policy import Asset
from activkode.funding.read import Topup


def test_an_amount_of_more_digits_than_a_decimal_keeps_is_shown_to_the_last_one() -> None:
    nothing = {field.name: None for field in fields(Topup)}
    huge = Topup(**nothing | {"asset": Asset.ETH, "amount": 10**30 + 1})  # type: ignore[arg-type]

    assert f"{huge.coins:f}" == "1000000000000.000000000000000001"
