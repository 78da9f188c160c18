from collections.abc import Iterator

import pytest

import qmpshell
from qmpshell.client.agent.client import AgentClient
from tests.agents import RealAgent


@pytest.fixture
def guest(agent: RealAgent) -> Iterator[AgentClient]:
    with qmpshell.connect(agent.path, agent=True) as client:
        yield client
