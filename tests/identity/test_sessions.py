"""What has ended by itself is forgotten, and nothing else."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import cast
from activkode.core import sql
from activkode.identity import sessions

pytestmark = pytest.mark.django_db


def _signed_in() -> Client:
    user = cast.person("alice")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": "alice"})
    return client


def test_sessions_that_are_over_are_forgotten_with_their_traces() -> None:
    _signed_in()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    sql.execute("update usersessions_usersession set created_at = created_at - interval '2 hours'")
    cache.set("old", 1, timeout=-1)
    cache.set("young", 1, timeout=600)

    assert sessions.forget_expired(100) == 1

    assert sql.value("select count(*) from usersessions_usersession") == 0
    assert cache.get("young") == 1


def test_running_sessions_stay() -> None:
    client = _signed_in()

    assert sessions.forget_expired(100) == 0

    assert client.get(reverse("overview")).status_code == 200
    assert sql.value("select count(*) from usersessions_usersession") == 1


def test_ending_all_sessions_of_one_leaves_those_of_others() -> None:
    alice = _signed_in()
    bob = Client()
    bob.force_login(cast.person("bob"))

    sessions.end_all(sql.value("select id from identity_user where email = 'alice@people.example'"))

    assert alice.get(reverse("overview")).status_code == 302
    assert bob.get(reverse("overview")).status_code == 200
