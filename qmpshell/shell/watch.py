"""What the prompt's event loop watches beside the keys: the connection, and Ctrl-C as a signal."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from prompt_toolkit.application import Application

from qmpshell.client import Client
from qmpshell.client.interrupt import Interrupt
from qmpshell.errors import ConnectionLost


def watch(client: Client, changed: Callable[[], None], lost: Callable[[], None]) -> None:
    """Read the client whenever something comes. Called when the prompt's loop has started.

    The loop is closed with the prompt, and its readers with it.

    Parameters:
        client: hands what it reads to its own listener.
        changed: is called after something was read.
        lost: is called once, at the connection's end.
    """
    loop = asyncio.get_running_loop()

    def read() -> None:
        try:
            client.read_available()
        except ConnectionLost:
            loop.remove_reader(client.fileno())
            client.close()
            lost()
        changed()

    loop.add_reader(client.fileno(), read)
    # What came right behind the last reply was read with it, and only is to be handed out.
    loop.call_soon(read)


def watch_interrupt(interrupt: Interrupt, app: Application[str]) -> None:
    """Let a Ctrl-C that is a signal do what the key does. Called as :func:`watch` is.

    Parameters:
        interrupt: what the signal sets; it stays so if the prompt has its answer already.
        app: the prompt.
    """
    loop = asyncio.get_running_loop()

    def leave() -> None:
        loop.remove_reader(interrupt.fileno())
        if app.is_running and not app.is_done:
            interrupt.clear()
            app.exit(exception=KeyboardInterrupt())

    loop.add_reader(interrupt.fileno(), leave)
