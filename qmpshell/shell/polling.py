"""The machine is asked how far what goes on in it is, from the prompt's event loop."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import time
from collections.abc import Callable

from qmpshell.errors import ConnectionLost
from qmpshell.protocol import ErrorReply, Return
from qmpshell.shell.session import Session


def polling(session: Session) -> Callable[[], None]:
    """Return what looks whether the machine is to be asked, and when again.

    The loop is closed with the prompt, and its timers with it: without a prompt nothing
    is asked.

    Parameters:
        session: whose machine.

    Returns:
        A function to call when something may have changed, in the loop that runs now.
    """
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle | None = None

    def look() -> None:
        nonlocal timer
        if timer:
            timer.cancel()
            timer = None
        if session.activity is None or session.client.closed:
            return
        if session.machine.finishes_migration:
            session.activity.hear_of_migration()
        running = session.machine.state == "running"
        seconds = session.activity.seconds_until_due(time.monotonic(), running=running)
        if seconds:
            timer = loop.call_later(seconds, look)
        elif seconds is not None:
            ask(session)

    return look


def ask(session: Session) -> None:
    """Ask now, without waiting, for what is to be asked next.

    Parameters:
        session: whose machine.
    """
    activity = session.activity
    if activity is None or not session.client.has_room:
        return

    def take(question: str, reply: Return | ErrorReply) -> None:
        activity.on_answer(question, reply, time.monotonic())

    with contextlib.suppress(ConnectionLost):
        for question in activity.poll(time.monotonic()):
            on_reply = functools.partial(take, question)
            session.client.submit({"execute": question}, on_reply=on_reply)
        if session.machine.finishes_migration:
            session.machine.ask_state()
