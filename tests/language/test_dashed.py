from typing import Any

import pytest

from qmpshell.errors import LineError
from qmpshell.language import bind
from qmpshell.language.dashed import parse_dashed
from tests.schema.recorded import schema

SCHEMA = schema("7.2")

CASES: list[tuple[list[str], dict[str, Any]]] = [
    (["query-status"], {}),
    (["qom-list", "--path=/machine"], {"path": "/machine"}),
    (["qom-list", "--path", "/machine"], {"path": "/machine"}),
    (["device_del", "--id=123"], {"id": "123"}),
    (["device_del", "--id", "a=b"], {"id": "a=b"}),
    (["device_del", "--id="], {"id": ""}),
    (["device_del", "--id", "my 'device"], {"id": "my 'device"}),
    (["device_del", "net1"], {"id": "net1"}),
    (["device_del", "id=net1"], {"id": "net1"}),
    (["set_link", "--name=x", "--up=off"], {"name": "x", "up": False}),
    (["set_link", "--up", "--name=x"], {"up": True, "name": "x"}),
    (["block_resize", "--device=d", "--size", "4G"], {"device": "d", "size": 4 << 30}),
    (
        [
            *("blockdev-add", "--driver=qcow2", "--node-name=n", "--file.driver=file"),
            *("--file.filename", "my disk"),
        ],
        {
            "driver": "qcow2",
            "node-name": "n",
            "file": {"driver": "file", "filename": "my disk"},
        },
    ),
    (
        ["send-key", '--keys=[{"type": "qcode", "data": "a"}]'],
        {"keys": [{"type": "qcode", "data": "a"}]},
    ),
    (
        ["device_add", "--driver=virtio-rng-pci", "--max-bytes=5"],
        {"driver": "virtio-rng-pci", "max-bytes": 5},
    ),
]


@pytest.mark.parametrize(("words", "arguments"), CASES)
def test_arguments_have_the_schemas_types(words: list[str], arguments: dict[str, Any]) -> None:
    bound = bind(parse_dashed(words), SCHEMA)
    assert bound.members == {"execute": words[0]} | ({"arguments": arguments} if arguments else {})


def test_without_a_schema() -> None:
    bound = bind(parse_dashed(["x", "--a=1", "--b", "text", "--c"]))
    assert bound.members["arguments"] == {"a": 1, "b": "text", "c": True}


@pytest.mark.parametrize(
    ("words", "culprit", "reason"),
    [
        (["device_del", "--idd=x"], "idd", "nearest: id"),
        (["device_del", "--id"], "id", "a string is expected"),
        (["device_del", "--id", "--id=x"], "id", "given twice"),
        (["set_link", "--name=x", "--up", "maybe"], "maybe", "a boolean is expected"),
        (["set_link", "--name=x", "--up=maybe"], "maybe", "a boolean is expected"),
        (["device_del", "--=x"], "=", "a name is expected"),
        (["device_del", "--", "x"], " ", "a name is expected"),
        (["device_del", "--a..b=x"], ".", "a name is expected"),
        (["send-key", "--keys", "[1"], "[", "not closed"),
        (["device_del"], "", "missing: id"),
    ],
)
def test_what_is_wrong_has_its_place(words: list[str], culprit: str, reason: str) -> None:
    with pytest.raises(LineError, match=reason) as refused:
        bind(parse_dashed(words), SCHEMA)
    assert " ".join(words)[refused.value.start : refused.value.end] == culprit
