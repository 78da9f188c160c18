from collections.abc import Iterator
from pathlib import Path

import pytest

import qmpshell
from qmpshell.client.agent.client import AgentClient
from tests.agents import RealAgent


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[RealAgent]:
    """A real guest agent, whose guest is this host."""
    folder = tmp_path / "state"
    folder.mkdir()
    with RealAgent(folder) as running:
        yield running


@pytest.fixture
def guest(agent: RealAgent) -> Iterator[AgentClient]:
    with qmpshell.connect(agent.path, agent=True) as client:
        yield client
