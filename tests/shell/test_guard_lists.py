"""Which requests are asked about where the configuration has lists of its own."""

import pytest

from qmpshell.client.hmp import hmp_request
from qmpshell.shell.guard import Guard, split_yes

GUARD = Guard(ask=("device_*", "migrate", "quit"), dont_ask=("*",))
SNAPSHOT = {"type": "blockdev-snapshot-sync", "data": {}}


@pytest.mark.parametrize(
    ("members", "question"),
    [
        ({"execute": "device_add"}, "device_add goes to"),
        ({"exec-oob": "migrate"}, "migrate goes to"),
        ({"execute": "quit"}, "quit ends"),
        (hmp_request("device_del x"), "device_del goes to"),
        (hmp_request("migrate/x"), "migrate goes to"),
        ({"execute": "system_reset"}, None),
        (hmp_request("system_reset"), None),
        (hmp_request("q"), None),
        (hmp_request(" "), None),
        ({"execute": "transaction", "arguments": {"actions": [SNAPSHOT]}}, None),
        ({"execute": 1}, None),
    ],
)
def test_patterns_of_both_lists(members: dict[str, object], question: str | None) -> None:
    ending = GUARD.ending_of(members)
    assert (ending and f"{ending.name} {ending.does}") == question


@pytest.mark.parametrize("actions", [[SNAPSHOT], [None, {"type": 1}, SNAPSHOT]])
def test_a_transaction_goes_by_its_actions(actions: list[object]) -> None:
    members = {"execute": "transaction", "arguments": {"actions": actions}}
    ending = Guard(ask=("blockdev-*",)).ending_of(members)
    assert ending is not None
    assert ending.name == "blockdev-snapshot-sync"


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("migrate -d x --yes", ("migrate -d x", True)),
        ("quit --yes", ("quit", True)),
        ("system_reset --yes", ("system_reset", True)),
        ("info name --yes", ("info name --yes", False)),
        ("", ("", False)),
    ],
)
def test_yes_answers_also_what_is_asked_besides(line: str, parts: tuple[str, bool]) -> None:
    assert split_yes(line, GUARD) == parts
