"""What a deposit is worth is floored once, exactly, for every amount that a chain can name."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from activkode.core import sql

pytestmark = pytest.mark.django_db


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(5 * 10**22 - 1, Decimal("1e-10"), 18)  # 4.9999999999999999999999: `/` makes 5 of it
@given(
    st.integers(0, 10**38) | st.integers(0, 10**9) | st.sampled_from([0, 1, 2**255, 2**256 - 1, 10**30]),
    st.decimals(min_value="0.0000000001", max_value=10**12, places=10) | st.just(Decimal(1)),
    st.sampled_from([6, 8, 18]),
)
def test_what_a_deposit_is_worth_is_floored_once_exactly(
    db: None, amount: int, rate: Decimal, decimals: int
) -> None:
    scaled = int(rate.scaleb(10))
    expected = amount * scaled * 10**6 // 10 ** (10 + decimals)
    assert int(sql.value("select fn.deposit_value(%s, %s, %s)", (amount, rate, decimals))) == expected
