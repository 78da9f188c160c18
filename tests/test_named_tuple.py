"""Our named tuples do what Python's own do."""

from __future__ import annotations

import copy
import pickle
import typing
from pathlib import Path

import pytest

from qmpshell.named_tuple import NamedTuple

PACKAGE = Path(__file__).parents[1] / "qmpshell"


class Theirs(typing.NamedTuple):
    """The original."""

    host: str
    port: int
    options: tuple[str, ...] = ()

    def doubled(self) -> int:
        return 2 * self.port


class Ours(NamedTuple):
    """Ours."""

    host: str
    port: int
    options: tuple[str, ...] = ()

    def doubled(self) -> int:
        return 2 * self.port


@pytest.mark.parametrize(
    "use",
    [
        lambda kind: kind("a", 1),
        lambda kind: kind("a", port=1),
        lambda kind: kind(port=1, host="a", options=("x",)),
        lambda kind: kind("a", 1, ("x",)).options,
        lambda kind: kind("a", 1).doubled(),
        lambda kind: kind("a", 1)._replace(port=2, options=("y",)),
        lambda kind: kind("a", 1)._asdict(),
        lambda kind: kind._make(["a", 1, ()]),
        lambda kind: (kind._fields, kind._field_defaults, kind.__match_args__),
        lambda kind: repr(kind("a", 1)).removeprefix(kind.__name__),
        lambda kind: hash(kind("a", 1)),
        lambda kind: kind("a", 1) == ("a", 1, ()),
        lambda kind: kind("a", 1) < kind("b", 0),
        lambda kind: (*kind("a", 1),),
        lambda kind: copy.deepcopy(kind("a", 1)),
        lambda kind: pickle.loads(pickle.dumps(kind("a", 1))).doubled(),
        lambda kind: issubclass(kind, tuple),
    ],
)
def test_as_the_original(use) -> None:
    assert use(Ours) == use(Theirs)


@pytest.mark.parametrize(
    ("use", "error"),
    [
        (lambda kind: kind("a"), TypeError),
        (lambda kind: kind("a", 1, (), 2), TypeError),
        (lambda kind: kind("a", 1, host="b"), TypeError),
        (lambda kind: kind("a", 1, path="b"), TypeError),
        (lambda kind: setattr(kind("a", 1), "port", 2), AttributeError),
        (lambda kind: setattr(kind("a", 1), "path", 2), AttributeError),
    ],
)
def test_refused_as_by_the_original(use, error: type[Exception]) -> None:
    for kind in (Ours, Theirs):
        with pytest.raises(error):
            use(kind)


def test_a_pattern_takes_it_apart() -> None:
    match Ours("a", 1):
        case Ours(host, port, options=options):
            assert (host, port, options) == ("a", 1, ())


def test_annotations_are_texts_where_it_is_used() -> None:
    """From Python 3.14 on, they would be unknown while the class is made."""
    for path in PACKAGE.rglob("*.py"):
        text = path.read_text()
        if "named_tuple import" in text:
            assert "from __future__ import annotations" in text, path
