"""The synchronous client of a guest agent: commands, programs and files in the guest."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

from qmpshell.client.agent.files import download
from qmpshell.client.agent.info import AgentInfo, read_info
from qmpshell.client.agent.opening import Opening
from qmpshell.client.agent.program import Finished, run_program
from qmpshell.client.agent.unanswered import request_unanswered
from qmpshell.client.client import Client
from qmpshell.client.deadline import Deadline
from qmpshell.client.exchange import OnReply, Traffic
from qmpshell.errors import UsageError
from qmpshell.progress import OnProgress
from qmpshell.protocol import ErrorReply, Request, Return
from qmpshell.protocol.agent import AgentConnection
from qmpshell.transport import Stream


class AgentClient(Client):
    """A connection to one guest agent. Make one with ``qmpshell.connect(..., agent=True)``.

    Parameters:
        stream: the open byte stream; the client closes it.
        traffic: is given every message in both directions.
    """

    def __init__(self, stream: Stream, traffic: Traffic | None = None) -> None:
        connection = AgentConnection()
        super().__init__(stream, connection, traffic)
        self._agent_connection = connection
        self._opening = Opening(self._exchange, connection)
        self._info: AgentInfo | None = None

    @classmethod
    def _over(cls, stream: Stream) -> Self:
        return cls(stream)

    @property
    def server_name(self) -> str:
        """What answers, with its version; not yet escaped."""
        return f"guest agent {self._info.version if self._info else ''}".rstrip()

    @property
    def is_agent(self) -> bool:
        """Whether it is a guest agent that is talked to."""
        return True

    @property
    def agent_info(self) -> AgentInfo | None:
        """What the agent says of itself; ``None`` until it has."""
        return self._info

    @property
    def beginning(self) -> bytes:
        """The first bytes that came, whatever they are."""
        return self._agent_connection.beginning

    def synchronize(self, *, timeout: float | None) -> None:
        """Find where the agent's replies to us begin, and ask what it is.

        Parameters:
            timeout: how long both may take together, in seconds; ``None`` without an end.
                When it is over, another call goes on from there.

        Raises:
            TimedOut: nobody answers.
            ConnectionLost: the connection ended, or a QMP monitor answers.
        """
        self._info = self._opening.go_on(Deadline(timeout))

    def renew_info(self, on_renewed: Callable[[], None]) -> None:
        """Ask the agent anew what it is, and don't wait: what is frozen enables few commands.

        Parameters:
            on_renewed: is called when it has said so.

        Raises:
            ConnectionLost: the connection has ended.
        """

        def take(reply: Return | ErrorReply) -> None:
            if isinstance(reply, Return):
                self._info = read_info(reply.value)
                on_renewed()

        self.submit({"execute": "guest-info"}, on_reply=take)

    def allows(self, *commands: str) -> bool:
        """Say whether commands are enabled, as far as the agent has told."""
        return self._info is None or self._info.allows(*commands)

    def request(
        self,
        members: Mapping[str, Any],
        *,
        timeout: float | None = None,
        on_sent: Callable[[Request], None] | None = None,
        keep_document: bool = False,
        descriptors: Sequence[int] = (),
        on_late: OnReply | None = None,
    ) -> Return:
        """Send a request, and return its reply, or an empty one where there is none by design.

        Parameters and exceptions are those of :meth:`Client.request`.
        """
        if members.get("execute") in self._agent_connection.unanswered:
            return request_unanswered(self, members, timeout=timeout, on_sent=on_sent)
        return super().request(
            members,
            timeout=timeout,
            on_sent=on_sent,
            keep_document=keep_document,
            descriptors=descriptors,
            on_late=on_late,
        )

    def run(
        self,
        program: str,
        *arguments: str,
        input: bytes | None = None,  # noqa: A002 (as of subprocess.run)
        env: Mapping[str, str] | None = None,
        timeout: float | None = None,
        on_started: Callable[[int], None] | None = None,
        on_progress: OnProgress | None = None,
    ) -> Finished:
        """Run a program in the guest, and return what became of it.

        Parameters:
            program: its path, or its name on the agent's ``PATH``.
            arguments: what it is given, each as it is: no shell reads them.
            input: its standard input; nothing when left out.
            env: its environment; the agent's when left out.
            timeout: how long it may take, in seconds; ``None`` without an end. When it is
                over, the program runs on.
            on_started: is given its process id.
            on_progress: is told every now and then that it runs, while it takes long.

        Raises:
            CommandError: the agent can't start it, or isn't allowed to.
            RequestError: something of it can't be sent.
            TimedOut: it didn't end in time.
            ConnectionLost: the connection ended before it.
        """
        return run_program(
            self,
            program,
            arguments,
            input=input,
            env=env,
            timeout=timeout,
            on_started=on_started,
            on_progress=on_progress,
        )

    def read(self, path: str, *, on_progress: OnProgress | None = None) -> bytes:
        """Return what is in a file of the guest.

        Parameters:
            path: the file.
            on_progress: is given the progress, about four times a second.

        Raises:
            CommandError: it can't be read.
            ConnectionLost: the connection ended before it was.
        """
        stream = io.BytesIO()
        download(self, path, stream.write, on_progress)
        return stream.getvalue()

    def get(
        self,
        path: str,
        local: str | os.PathLike[str],
        *,
        overwrite: bool = False,
        on_progress: OnProgress | None = None,
    ) -> str:
        """Copy a file from the guest, whole or not at all.

        Parameters:
            path: the guest's file.
            local: where it goes; a folder gets a file of the same name. It can be read by
                its owner alone.
            overwrite: whether it may be there already.
            on_progress: is given the progress, about four times a second.

        Returns:
            The path of the file here.

        Raises:
            CommandError: the guest's file can't be read.
            FileError: it is there already, or can't be written.
            ConnectionLost: the connection ended before it was here.
        """
        from qmpshell.client.agent.copying import copy_from_guest

        return copy_from_guest(
            self, path, os.fspath(local), overwrite=overwrite, on_progress=on_progress
        )

    def put(
        self,
        local: str | os.PathLike[str],
        path: str,
        *,
        overwrite: bool = False,
        in_place: bool = False,
        on_progress: OnProgress | None = None,
    ) -> str:
        """Copy a file to the guest, whole or not at all.

        What isn't whole stands beside its place, and is moved by programs that are run in
        the guest.

        Parameters:
            local: the file here.
            path: where it goes in the guest; a folder gets a file of the same name. A new
                file has the permissions of the one here, an old one keeps its own.
            overwrite: whether it may be there already.
            in_place: write it directly where it goes, for guests in which no programs can be
                run: what breaks off leaves a part of it.
            on_progress: is given the progress, about four times a second.

        Returns:
            The path of the file in the guest.

        Raises:
            CommandError: the guest's file can't be written.
            FileError: it is there already, or the one here can't be read.
            ConnectionLost: the connection ended before it was there.
        """
        from qmpshell.client.agent.copying import copy_to_guest

        return copy_to_guest(
            self,
            os.fspath(local),
            path,
            overwrite=overwrite,
            in_place=in_place,
            on_progress=on_progress,
        )


def agent_of(client: Client) -> AgentClient:
    """Return a client as what it is, a guest agent's.

    Parameters:
        client: the connection.

    Raises:
        UsageError: it is another server's.
    """
    if not isinstance(client, AgentClient):
        raise UsageError("this needs the guest's agent: qmp-shell --agent ADDRESS")
    return client
