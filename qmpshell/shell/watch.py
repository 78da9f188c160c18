"""The connection in the prompt's event loop: what comes while a person types is read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from qmpshell.client import Client
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
