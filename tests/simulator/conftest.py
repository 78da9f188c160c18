"""A bare socket to talk to the simulator with: nothing of our client is between."""

import contextlib
import json
import socket

import pytest

from qmpshell.simulator import Faults, ManualClock, Simulator


class Wire:
    """One connection; what it reads it reads as JSON, wherever a document ends."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(30)
        try:
            self.socket.connect(path)
        except OSError:
            self.socket.close()
            raise
        self.buffer = b""
        self.events = []

    def send(self, said):
        self.socket.sendall(said if isinstance(said, bytes) else json.dumps(said).encode())

    def line(self):
        while b"\r\n" not in (buffer := self.buffer.lstrip()):
            self._receive()
        line, _, self.buffer = buffer.partition(b"\r\n")
        return line + b"\r\n"

    def message(self):
        while True:
            text = self.buffer.decode("latin-1")
            blanks = len(text) - len(text.lstrip())
            with contextlib.suppress(ValueError):
                message, end = json.JSONDecoder().raw_decode(text, blanks)
                self.buffer = self.buffer[end:]
                return message
            self._receive()

    def reply(self):
        """The next message that is no event; the events before it are kept."""
        while "event" in (message := self.message()):
            self.events.append(message)
        return message

    def event(self):
        return self.events.pop(0) if self.events else self.message()

    def ask(self, command, **arguments):
        self.send({"execute": command, "arguments": arguments})
        return self.reply()

    def do(self, command, **arguments):
        reply = self.ask(command, **arguments)
        assert "return" in reply, reply
        return reply["return"]

    def refused(self, command, **arguments):
        error = self.ask(command, **arguments)["error"]
        return f"{error['class']}: {error['desc']}"

    def negotiate(self, *capabilities):
        assert "QMP" in self.message()
        self.do("qmp_capabilities", enable=list(capabilities))
        return self

    def rest(self):
        """Everything up to the end of the connection."""
        with contextlib.suppress(ConnectionResetError):
            while data := self.socket.recv(2**20):
                self.buffer += data
        return self.buffer

    def _receive(self):
        data = self.socket.recv(2**20)
        if not data:
            raise EOFError(self.buffer)
        self.buffer += data


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "s")


@pytest.fixture
def connect():
    """Connects; all connections are closed in the end."""
    wires = []

    def connect(simulator):
        wires.append(Wire(simulator.path))
        return wires[-1]

    yield connect
    for wire in wires:
        wire.socket.close()


@pytest.fixture
def start(path):
    """Starts a simulator with faults, whose clock the test moves."""
    with contextlib.ExitStack() as stack:

        def start(*, faults=None, **parameters):
            simulator = Simulator(
                path, faults=faults or Faults(), clock=ManualClock(), **parameters
            )
            return stack.enter_context(simulator)

        yield start


@pytest.fixture
def simulator(start):
    return start()


@pytest.fixture
def wire(simulator, connect):
    return connect(simulator).negotiate("oob")
