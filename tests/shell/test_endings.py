"""Which requests are asked about."""

import pytest

from qmpshell.client.hmp import hmp_request
from qmpshell.shell.endings import QMP, ending_of, ending_of_hmp
from qmpshell.shell.guard import Guard, split_yes


@pytest.mark.parametrize("key", ["execute", "exec-oob"])
@pytest.mark.parametrize("name", QMP)
def test_a_request_of_the_table(key: str, name: str) -> None:
    ending = ending_of({key: name, "id": 1})
    assert ending
    assert ending.name == name
    assert ending.may_mean_leaving == (name == "quit")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("quit", "quit"),
        ("q", "q"),
        ("  q  ", "q"),
        ("\tsystem_reset", "system_reset"),
        ("system_powerdown now", "system_powerdown"),
        ("nmi", "nmi"),
        ("q/x", "q"),
        ("qui", None),
        ("system_re", None),
        ("QUIT", None),
        ('"quit"', None),
        ("help quit", None),
        ("info quit", None),
        ("inject-nmi", None),
        ("", None),
        ("/", None),
        (" ", None),
    ],
)
def test_a_line_of_hmp(line: str, name: str | None) -> None:
    ending = ending_of_hmp(line)
    assert (ending and ending.name) == name
    assert ending_of(hmp_request(line)) == ending


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"execute": "query-status"},
        {"execute": ["quit"]},
        {"execute": "human-monitor-command"},
        {"execute": "human-monitor-command", "arguments": ["quit"]},
        {"execute": "human-monitor-command", "arguments": {"command-line": 1}},
        {"execute": "device_del", "arguments": {"id": "quit"}},
        {"id": "quit"},
    ],
)
def test_any_other_request(members: dict[str, object]) -> None:
    assert ending_of(members) is None


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("quit --yes", ("quit", True)),
        (" system_reset   --yes ", (" system_reset", True)),
        ("quit", ("quit", False)),
        ("quit --yes no", ("quit --yes no", False)),
        ("quit--yes", ("quit--yes", False)),
        ("info name --yes", ("info name --yes", False)),
        ("--yes", ("--yes", False)),
    ],
)
def test_yes_behind_a_line_of_hmp(line: str, parts: tuple[str, bool]) -> None:
    assert split_yes(line, Guard()) == parts
