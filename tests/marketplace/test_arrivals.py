"""Requests keep the order in which they came; nobody who is held up holds others up for long."""

import threading

import pytest

from marketplace import arrivals
from marketplace.arrivals import Arrival
from marketplace.turnstile import Passage, Turnstile

LONG_SECONDS = 30.0


@pytest.fixture(autouse=True)
def nobody_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "_on_the_way", arrivals._OnTheWay())
    monkeypatch.setattr(arrivals, "_turnstile", Turnstile(LONG_SECONDS))
    monkeypatch.setattr(arrivals, "LONGEST_SECONDS", LONG_SECONDS)


def test_the_turnstile_lets_the_lowest_number_pass_first() -> None:
    turnstile = Turnstile(LONG_SECONDS)
    passed: list[int] = []
    first = Passage(turnstile, 0)
    first.enter()

    def go(number: int) -> None:
        passage = Passage(turnstile, number)
        passage.enter()
        passed.append(number)
        passage.leave()

    threads = [threading.Thread(target=go, args=(number,)) for number in (3, 1, 2)]
    for thread in threads:
        thread.start()
    while len(turnstile._waiting) < len(threads):
        pass
    first.leave()
    for thread in threads:
        thread.join()
    assert passed == [1, 2, 3]


def test_whoever_is_held_up_inside_does_not_close_it() -> None:
    turnstile = Turnstile(longest_seconds=0.0)
    held_up, next_one, third = (Passage(turnstile, number) for number in range(3))
    held_up.enter()
    next_one.enter()  # comes back although the first never left
    next_one.leave()
    held_up.leave()
    third.enter()
    assert turnstile._waiting == []
    assert turnstile._inside == 1


def test_leaving_twice_lets_nobody_in_twice() -> None:
    turnstile = Turnstile(LONG_SECONDS)
    passage = Passage(turnstile, 1)
    passage.enter()
    passage.enter()
    passage.leave()
    passage.leave()
    assert turnstile._inside == 0


def test_who_decides_waits_for_those_who_came_before() -> None:
    earlier, waited = Arrival(by_server=False), threading.Event()

    def wait() -> None:
        arrivals.wait_for_those_who_came((1,))
        waited.set()

    thread = threading.Thread(target=wait)
    thread.start()
    assert not waited.is_set()
    earlier.stand()
    thread.join()
    assert waited.is_set()


def test_nobody_is_awaited_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "LONGEST_SECONDS", 0.0)
    slow = Arrival(by_server=False)
    arrivals.wait_for_those_who_came((1,))  # comes back although nobody settled
    slow.settle()


def test_whoever_dawdles_came_when_its_request_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrivals, "DAWDLING_SECONDS", -1.0)
    slow, later = Arrival(by_server=False), Arrival(by_server=False)
    slow.crowd((1,))
    assert slow.number > later.number
    slow.go()
    later.go()


def test_a_thread_keeps_the_number_the_server_gave_it() -> None:
    came = arrivals.come()
    assert arrivals.current() is came
    arrivals.gone()
    assert arrivals.current() is not came


def test_whoever_goes_elsewhere_is_not_awaited() -> None:
    elsewhere = Arrival(by_server=False)
    elsewhere.crowd((2,))
    arrivals.wait_for_those_who_came((1,))  # comes back although that one has not settled
    elsewhere.go()
