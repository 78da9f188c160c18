"""Waiting until a command is done, where QMP's ``{}`` only says that it was accepted.

What ends a command is an :class:`Ending`: a state machine without I/O that is given the
reply, the events and the answers to what it wants asked. ``jobs``, ``migration``,
``devices``, ``run_state`` and ``dump`` have them, ``table`` says which command has which,
and ``driver`` lets one of them wait over a client.
"""

from qmpshell.client.waiting.driver import Done, request_and_wait
from qmpshell.client.waiting.ending import Ending
from qmpshell.client.waiting.table import ending_of

__all__ = ["Done", "Ending", "ending_of", "request_and_wait"]
