"""Who withdraws in these tests."""

import pytest

import cast
from activkode.identity.models import User
from withdrawals import scripted


@pytest.fixture
def alice(db: None) -> User:
    """Has $300 in cash; there are rates to trust."""
    user = cast.person("alice")
    cast.fund(user, "300.00")
    scripted.rates()
    return user
