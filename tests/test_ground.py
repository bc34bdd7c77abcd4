"""The ground that the other tests stand on: databases of their own, no network."""

import socket
import urllib.request

import psycopg
import pytest

from activkode.core import sql
from network import NetworkIsOff

STATEMENT = "insert into core_sqlstamp (name, hash, built_at) values ('left', '', now())"
COUNT = "select count(*) from core_sqlstamp where name = 'left'"


@pytest.mark.django_db
@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_writes_is_rolled_back(time: str) -> None:
    assert sql.value(COUNT) == 0

    sql.execute("set role none")
    sql.execute(STATEMENT)

    assert sql.value(COUNT) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_commits_is_gone_afterwards(
    time: str, superuser: psycopg.Connection[tuple[object, ...]]
) -> None:
    assert sql.value(COUNT) == 0

    superuser.execute(STATEMENT)

    assert sql.value(COUNT) == 1


@pytest.mark.django_db
def test_the_application_is_not_the_owner_of_its_tables() -> None:
    assert sql.value("select current_user") == "activkode_app"
    assert sql.value("show fsync") == "on"


def test_the_network_is_off() -> None:
    with pytest.raises(NetworkIsOff):
        urllib.request.urlopen("http://activkode.example/")
    with socket.socket() as one, pytest.raises(NetworkIsOff):
        one.connect(("192.0.2.1", 80))
