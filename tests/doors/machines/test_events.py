"""A stream of events is in order, without a gap, and resumes where it was left, whatever is cut."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from activkode.identity import keys
from doors.machines.outside import Customer, Stream, cut_connections, message, problems, without_notices


def sequence(stream: Stream) -> list[int]:
    return [event["seq"] for event in stream.events]


def test_a_stream_tells_what_happens(alice: Customer) -> None:
    stream = Stream(alice)
    rented = alice.rent()
    message(rented, "Your code is 482913")
    alice.act(rented, "completion")

    opened, code, completed = stream.wait_for(3)

    assert (opened["type"], opened["revision"]) == ("activation.opened", 1)
    assert (code["type"], code["state"], code["activation"]) == ("activation.code", "received", rented["id"])
    assert (code["message"]["code"], code["message"]["text"]) == ("482913", "Your code is 482913")
    assert code["message"] == alice.poll(rented)["messages"][0]
    assert (completed["type"], completed["state"]) == ("activation.completed", "completed")


def test_a_hidden_message_stays_hidden_in_the_stream(alice: Customer) -> None:
    stream = Stream(alice)
    rented = alice.rent()
    message(rented, "Welcome to the shop")

    told = stream.wait_for(2)[1]

    assert (told["type"], told["state"]) == ("activation.message", "waiting")
    assert (told["message"]["sender"], told["message"]["text"]) == ("Shop", None)


def test_a_stream_begins_now_and_can_be_resumed_from_its_very_start(alice: Customer) -> None:
    alice.rent()
    stream = Stream(alice)
    stream.close()
    rented = alice.rent()

    resumed = Stream(alice, last_seen=stream.first_id)

    assert [event["activation"] for event in resumed.wait_for(1)] == [rented["id"]]


def test_a_stream_resumes_after_the_last_event_seen(alice: Customer) -> None:
    for _ in range(3):
        alice.act(alice.rent(), "cancellation")

    everything = Stream(alice, last_seen=0).wait_for(7)
    rest = Stream(alice, last_seen=everything[2]["seq"]).wait_for(4)

    assert [event["seq"] for event in everything] == [1, 2, 3, 4, 5, 6, 7]
    assert rest == everything[3:]


def test_an_id_from_the_future_begins_now(alice: Customer) -> None:
    stream = Stream(alice, last_seen=10**17)
    rented = alice.rent()

    assert [event["activation"] for event in stream.wait_for(1)] == [rented["id"]]


@pytest.mark.parametrize(
    "cut", [(), ("machines-listen",), ("machines-tail", "machines-streams")], ids=" ".join
)
def test_no_event_is_lost_doubled_or_out_of_order(alice: Customer, cut: tuple[str, ...]) -> None:
    streams = [Stream(alice) for _ in range(3)]

    with ThreadPoolExecutor(4) as pool:
        working = [pool.submit(rent_and_cancel, alice) for _ in range(40)]
        for _ in range(10 if cut else 0):
            for name in cut:
                cut_connections(name)
            time.sleep(0.1)
        for one in working:
            one.result()

    for stream in streams:
        stream.wait_for(80)
        assert sequence(stream) == list(range(2, 82))


def test_events_come_without_notify_too(alice: Customer) -> None:
    stream = Stream(alice)
    with without_notices():
        rent_and_cancel(alice)
        done = time.monotonic()

        stream.wait_for(2)

    assert [event["type"] for event in stream.events] == ["activation.opened", "activation.cancelled"]
    assert time.monotonic() - done < 1


def test_a_message_too_long_for_a_notice_arrives_whole(alice: Customer) -> None:
    stream = Stream(alice)
    rented = alice.rent()
    text = "Your code is 482913. " + "ж" * 6000

    message(rented, text)

    assert stream.wait_for(2)[1]["message"]["text"] == text


def test_a_credit_is_told(alice: Customer) -> None:
    first = Stream(alice, last_seen=0).wait_for(1)[0]

    assert (first["type"], "activation" in first) == ("balance.credited", False)


def test_nobody_hears_of_others(alice: Customer, mallory: Customer) -> None:
    stream = Stream(mallory)
    rent_and_cancel(alice)
    rent_and_cancel(mallory)

    assert len(stream.wait_for(2)) == 2
    assert sequence(stream) == [2, 3]


def test_a_quiet_stream_says_that_it_lives(alice: Customer) -> None:
    stream = Stream(alice)

    time.sleep(2.5)

    assert stream.comments >= 2
    assert not stream.ended.is_set()


def test_a_stream_ends_with_its_key(alice: Customer) -> None:
    stream = Stream(alice)
    (line,) = keys.of(alice.id)
    keys.revoke(alice.id, line.id)

    assert stream.ended.wait(1.5)


def test_streams_of_a_customer_are_limited_and_may_be_replaced(alice: Customer) -> None:
    streams = [Stream(alice) for _ in range(5)]
    refused = alice.http.get("/v1/events")
    streams[0].close()

    problems(refused, 429, "too_many_requests")
    assert int(refused.headers["retry-after"]) >= 1
    assert any(Stream(alice).status == 200 or time.sleep(0.1) for _ in range(20))


def rent_and_cancel(customer: Customer) -> None:
    customer.act(customer.rent(), "cancellation")
