"""A QMP server in Python: the demo without QEMU, and the tests' server that misbehaves.

``server`` has the socket, and ``threaded`` keeps it beside a test; ``conversation``,
``requests`` and ``answers`` are what happens on the wire, ``faults`` what may go wrong
there; ``machine`` is behind it, and ``commands`` is what may be done to it.
"""

from qmpshell.simulator.clock import ManualClock
from qmpshell.simulator.documents import Layout
from qmpshell.simulator.faults import Faults, Then
from qmpshell.simulator.threaded import Simulator

__all__ = ["Faults", "Layout", "ManualClock", "Simulator", "Then"]
