"""``--oob`` behind a command."""

import pytest

from qmpshell.errors import LineError
from qmpshell.language import bind, parse
from tests.schema.recorded import schema

INSTANCE = {"type": "block-node", "node-name": "n"}


@pytest.mark.parametrize(
    ("line", "members"),
    [
        ("query-yank --oob", {"exec-oob": "query-yank"}),
        (
            "yank instances.0.type=block-node instances.0.node-name=n --oob",
            {"exec-oob": "yank", "arguments": {"instances": [INSTANCE]}},
        ),
        ('{"execute": "query-yank", "id": 7} --oob', {"exec-oob": "query-yank", "id": 7}),
        ('{"exec-oob": "query-yank"} --oob', {"exec-oob": "query-yank"}),
        ("query-status --oob --no-check", {"exec-oob": "query-status"}),
    ],
)
def test_it_goes_out_of_band(line: str, members: dict[str, object]) -> None:
    assert bind(parse(line), schema("7.2")).members == members


def test_without_a_schema_the_server_knows_best() -> None:
    assert bind(parse("query-status --oob")).members == {"exec-oob": "query-status"}
    unchecked = bind(parse("query-status --oob"), schema("7.2"), checked=False)
    assert unchecked.members == {"exec-oob": "query-status"}


@pytest.mark.parametrize(
    "line",
    ["query-status --oob", '{"execute": "query-status"} --oob', "transaction(\nabort\n) --oob"],
)
def test_what_the_schema_does_not_allow_is_refused(line: str) -> None:
    with pytest.raises(LineError) as caught:
        bind(parse(line), schema("7.2"))
    error = caught.value
    assert line[error.start : error.end] == "--oob"
    those = "migrate-pause, migrate-recover, query-yank, yank"
    assert error.message.endswith(f" can't be sent out of band; these can: {those}")
