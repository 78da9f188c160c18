"""Guest agents for tests: a real one, which runs on this host, and old and strange ones."""

import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from tests.listening import wait_until_listening

Answer = dict[str, Any] | None


class RealAgent:
    """A qemu-ga that listens when this returns; its guest is this host."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.path = str(folder / "agent")
        program = shutil.which("qemu-ga", path=f"{os.environ['PATH']}:/usr/sbin")
        assert program
        self.process = subprocess.Popen(
            [program, "-m", "unix-listen", "-p", self.path, "-t", str(folder), *options],
            stderr=subprocess.DEVNULL,
        )
        wait_until_listening(self.process, self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def open_files(self) -> set[str]:
        """The files that it has open."""
        folder = f"/proc/{self.process.pid}/fd"
        links = set()
        for name in os.listdir(folder):
            with contextlib.suppress(FileNotFoundError):
                links.add(os.readlink(f"{folder}/{name}"))
        return links


class Port:
    """A guest's port before a real agent: clients come and go, and the agent notices nothing.

    What the agent says while no client is there is kept for the next.
    """

    def __init__(self, folder: Path, agent: RealAgent) -> None:
        self.path = str(folder / "port")
        self._server = socket.create_server(self.path, family=socket.AF_UNIX)
        self._agent = socket.socket(socket.AF_UNIX)
        self._agent.connect(agent.path)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._server.close()
        self._agent.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            with client, contextlib.suppress(OSError):
                self._relay(client)

    def _relay(self, client: socket.socket) -> None:
        while True:
            ready, _, _ = select.select([client, self._agent], [], [])
            if client in ready:
                if not (data := client.recv(65536)):
                    return
                self._agent.sendall(data)
            elif data := self._agent.recv(65536):
                client.sendall(data)
            else:
                return


class OldAgent:
    """What an agent before QEMU 4.0 does with ids: it refuses them, and sends none.

    Parameters:
        folder: where its socket is made.
        answer: returns the reply to a request; ``None`` for none.
        takes_ids: whether it does as newer ones do.
    """

    def __init__(
        self, folder: Path, answer: Callable[[dict[str, Any]], Answer], *, takes_ids: bool = False
    ) -> None:
        self.path = str(folder / "old-agent")
        self.received: list[dict[str, Any]] = []
        self._answer = answer
        self._takes_ids = takes_ids
        self._server = socket.create_server(self.path, family=socket.AF_UNIX)
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._server.accept()
            except OSError:
                return
            # Who has left gets no answer.
            with client, client.makefile("rb") as lines, contextlib.suppress(OSError):
                for line in lines:
                    client.sendall(self._reply(json.loads(line.lstrip(b"\xff"))))

    def _reply(self, request: dict[str, Any]) -> bytes:
        self.received.append(request)
        if "id" in request and not self._takes_ids:
            desc = "QMP input object member 'id' is unexpected"
            return _line({"error": {"class": "GenericError", "desc": desc}})
        if request["execute"] == "guest-sync-delimited":
            return b"\xff" + _line({"return": request["arguments"]["id"]})
        answer = self._answer(request)
        if answer is None:
            return b""
        return _line({**answer, "id": request["id"]} if "id" in request else answer)


def when(command: str, times: int, do: Callable[[], None]) -> Callable[[str, Any], None]:
    """Return what listens to traffic, and does something when a command is sent so often."""
    count = 0

    def on_traffic(_: str, members: Any) -> None:
        nonlocal count
        if members.get("execute") == command:
            count += 1
            if count == times:
                do()

    return on_traffic


def _line(members: dict[str, Any]) -> bytes:
    return json.dumps(members).encode() + b"\n"
