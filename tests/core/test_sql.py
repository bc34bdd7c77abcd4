"""Statements as the database sees them."""

import pytest

from activkode.core import sql


@pytest.mark.django_db
def test_a_value_is_no_part_of_the_statement_that_the_database_shows_and_logs() -> None:
    shown = sql.value("select current_query() where %s <> ''", ("482913",))

    assert "current_query()" in shown
    assert "482913" not in shown
