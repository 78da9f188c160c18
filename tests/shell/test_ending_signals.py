"""A signal that ends the program is heard, whatever the prompt is just doing."""

import asyncio
import contextlib
import os
import signal
from types import FrameType

import pytest
from prompt_toolkit.application import Application
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from qmpshell.shell.ending_signals import EndingSignals


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("swallowed", [True, False])
def test_it_ends_the_prompt(number: signal.Signals, swallowed: bool) -> None:
    def end(number: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    def come() -> None:
        with contextlib.suppress(SystemExit if swallowed else ()):
            os.kill(os.getpid(), number)

    ending = EndingSignals()
    before = signal.signal(number, end)
    try:
        with create_pipe_input() as keys, ending.noted():
            app: Application[None] = Application(input=keys, output=DummyOutput())

            def begin() -> None:
                ending.watch(app)
                asyncio.get_running_loop().call_soon(come)

            with pytest.raises(SystemExit, match=str(128 + number)):
                app.run(pre_run=begin, handle_sigint=False)
        assert signal.getsignal(number) is end
    finally:
        signal.signal(number, before)
        ending.close()


def test_one_that_is_ignored_stays_so() -> None:
    ending = EndingSignals()
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ending.noted():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
        ending.close()
