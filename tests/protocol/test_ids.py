from itertools import islice

import pytest

from qmpshell.protocol.ids import is_echo, short_ids


def test_ids_are_short_and_none_comes_twice() -> None:
    ids = list(islice(short_ids(), 20_000))
    assert len(set(ids)) == len(ids)
    assert {len(id_) for id_ in ids} == {5}


def test_every_connection_counts_from_somewhere_else() -> None:
    assert len({next(short_ids()) for _ in range(20)}) == 20


@pytest.mark.parametrize(
    ("sent", "echoed", "same"),
    [
        ("1", "1", True),
        ("1", 1, False),
        (1, "1", False),
        (1.0, 1, True),
        (1, True, False),
        (0, False, False),
        (None, None, True),
        ([1.0, {"b": 2, "a": 0.5}], [1, {"a": 0.5, "b": 2.0}], True),
    ],
)
def test_an_id_is_known_again_as_qemu_prints_it(sent: object, echoed: object, same: bool) -> None:
    assert is_echo(sent, echoed) is same
