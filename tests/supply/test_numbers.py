"""Bulk import of numbers: all or nothing, each bad line told, nothing half done."""

import pytest

import cast
from activkode.core import sql
from activkode.core.errors import Refusal
from activkode.supply import numbers

pytestmark = pytest.mark.django_db
HEADER = "phone,country,operator,link\n"


def _import(text: str) -> numbers.ImportReport:
    content = text.encode()
    return numbers.run_import(numbers.start_import("numbers.csv", content, actor="olga"), content)


def _count() -> int:
    return int(sql.value("select count(*) from supply_number"))


def test_good_lines_are_added_with_their_stock() -> None:
    cast.shelf([])
    report = _import(HEADER + "+44 7700 900123,GB,any,carl\n07700 900124,GB,any,carl\n")
    assert (report.state, report.added, report.bad) == ("done", 2, [])
    assert sql.value("select count(*) from supply_free where phone = '447700900124'") == len(cast.SHELF)


def test_one_bad_line_refuses_the_whole_file_and_names_it() -> None:
    cast.shelf([])
    report = _import(HEADER + "+447700900123,GB,any,carl\nnonsense,GB,any,carl\n+447700900125,XX,any,carl\n")
    assert (report.state, report.added, _count()) == ("refused", 0, 0)
    assert [(line["line"], line["why"]) for line in report.bad] == [
        (3, "not a telephone number"),
        (4, "unknown country: use an ISO 3166 code such as GB"),
    ]


@pytest.mark.parametrize(
    "line",
    ["+447700900123,GB,any", "+447700900123,GB,,carl", "+14155550123,GB,any,carl", "+4477,GB,any,carl", "123456789012345678901,GB,any,carl"],
)  # fmt: skip
def test_each_kind_of_bad_line_is_told(line: str) -> None:
    report = _import(HEADER + line + "\n")
    assert (report.state, len(report.bad)) == ("refused", 1)


def test_a_number_twice_in_a_file_is_told() -> None:
    report = _import(HEADER + "+447700900123,GB,any,carl\n07700900123,GB,any,carl\n")
    assert [line["line"] for line in report.bad] == [3]


def test_known_numbers_are_counted_and_left_alone() -> None:
    cast.shelf([])
    _import(HEADER + "+447700900123,GB,any,carl\n")
    report = _import(HEADER + "+447700900123,GB,other,carl\n+447700900124,GB,any,carl\n")
    assert (report.added, report.known) == (1, 1)
    assert sql.value("select operator from supply_number where phone = '447700900123'") == "any"


@pytest.mark.parametrize(
    "content", [b"\xff\xfe", b"", b"a,b\n1,2\n", b'phone,country,operator,link\n"open,GB,any,carl\n']
)
def test_a_file_that_is_no_such_csv_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal):
        numbers.run_import(numbers.start_import("x.csv", content, actor="olga"), content)
    assert _count() == 0


def test_a_byte_order_mark_and_windows_lines_are_fine() -> None:
    content = ("\ufeff" + HEADER + "+447700900123,GB,any,carl\n").replace("\n", "\r\n")
    assert _import(content).state == "done"


def test_a_retired_number_is_not_given() -> None:
    cast.shelf(["447700900001"])
    numbers.retire(sql.value("select id from supply_number"), actor="olga")
    assert sql.value("select count(*) from supply_free") == 0
