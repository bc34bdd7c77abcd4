"""The policy as data, the promises as measured, and the description of this API."""

import re
from functools import cache

from activkode.activations import policy
from activkode.core import sql
from activkode.core import status as measured
from activkode.core.errors import Code, Refusal
from activkode.doors.machines.render import encode
from activkode.doors.machines.rest.call import Answer, Ask
from activkode.schema.document import document

_CURRENT = Answer(encode(document()))
_VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def current(_: Ask) -> Answer:
    """GET /v1/policy"""
    return _CURRENT


def of_version(ask: Ask) -> Answer:
    """GET /v1/policy/{version}"""
    version = ask.path["version"]
    if _VERSION.fullmatch(version) is None:
        raise Refusal(Code.NOT_FOUND)
    if int(version) == policy.VERSION:
        return _CURRENT
    stored = sql.value("select data from core_policy where version = %s", (int(version),))
    if stored is None:
        raise Refusal(Code.NOT_FOUND, "There is no such version of the policy.")
    return Answer(encode(stored))


def status(_: Ask) -> Answer:
    """GET /v1/status"""
    return Answer(encode(measured.read()))


def openapi(_: Ask) -> Answer:
    """GET /v1/openapi.json"""
    return _described()


@cache
def _described() -> Answer:
    from activkode.doors.machines.rest.openapi import (
        document as describe,
    )  # it reads the rows that name this function

    return Answer(encode(describe()))
