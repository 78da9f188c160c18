"""Ctrl-C while it is held back: it is never lost, whenever it comes."""

import os
import signal
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import TimedOut


@pytest.fixture
def interrupt() -> Iterator[Interrupt]:
    with closing(Interrupt()) as interrupt:
        yield interrupt


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def test_it_is_raised_when_the_waiting_has_just_ended(interrupt: Interrupt) -> None:
    with pytest.raises(KeyboardInterrupt), interrupt.catching_sigint():
        press()
    with interrupt.catching_sigint():
        pass


def test_it_is_worth_more_than_a_time_that_is_over(interrupt: Interrupt) -> None:
    with pytest.raises(KeyboardInterrupt), suppress(TimedOut), interrupt.catching_sigint():
        press()
        raise TimedOut("over")


def test_one_around_another_raises_once(interrupt: Interrupt) -> None:
    with interrupt.catching_sigint():
        with pytest.raises(KeyboardInterrupt), interrupt.catching_sigint():
            press()
        interrupt.raise_if_set()
    with pytest.raises(KeyboardInterrupt):
        press()
