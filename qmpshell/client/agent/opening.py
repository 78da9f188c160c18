"""The beginning of a conversation with a guest agent: where its replies begin, and what it is."""

from __future__ import annotations

from qmpshell.client.agent.info import AgentInfo, read_info
from qmpshell.client.deadline import Deadline
from qmpshell.client.exchange import Exchange
from qmpshell.errors import ProtocolError
from qmpshell.protocol import ErrorReply, Return, State
from qmpshell.protocol.agent import AgentConnection

Answer = Return | ErrorReply

_INFO = {"execute": "guest-info"}


class Opening:
    """Synchronizes, and asks the agent for its commands; from where the last call ended.

    Parameters:
        exchange: the messages over the stream.
        connection: the conversation's state.
    """

    def __init__(self, exchange: Exchange, connection: AgentConnection) -> None:
        self._exchange = exchange
        self._connection = connection
        self._begun = False
        self._asked = 0
        self._answers: list[Answer] = []

    def go_on(self, deadline: Deadline) -> AgentInfo:
        """Go on until the agent has said what it is, or the time is over.

        Raises:
            TimedOut: it hasn't said so in time. Another call goes on from there.
            ProtocolError: a QMP monitor answers.
            ConnectionLost: the connection ended.
        """
        if not self._begun:
            self._begun = True
            self._exchange.send(self._connection.synchronize(), lambda _: None)
        self._exchange.run_until(self._is_synchronized, deadline)
        answer = self._ask(1, deadline)
        if isinstance(answer, ErrorReply) and not self._has_id(answer):
            # An agent before QEMU 4.0 refuses ids.
            self._connection.has_ids = False
            answer = self._ask(2, deadline)
        info = read_info(answer.value) if isinstance(answer, Return) else AgentInfo()
        self._connection.unanswered = info.unanswered
        return info

    def _is_synchronized(self) -> bool:
        if self._connection.beginning.startswith(b'{"QMP"'):
            raise ProtocolError("a QMP monitor, and no guest agent")
        return self._connection.state is not State.SYNCHRONIZATION

    def _ask(self, times: int, deadline: Deadline) -> Answer:
        """Ask what the agent is, unless that was done so many times before."""
        if self._asked < times:
            self._asked = times
            self._exchange.send(self._connection.request(_INFO), self._answers.append)
        self._exchange.run_until(lambda: len(self._answers) == times, deadline)
        return self._answers[times - 1]

    @staticmethod
    def _has_id(answer: Answer) -> bool:
        return "id" in answer.members
