"""Requests that QEMU took, or that its manual shows, pass the check and mean the same.

The manual is the installed one (``qemu-qmp-ref(7)``); where there is none, or one of
another version than the schemas here, its examples are not tried.
"""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from qmpshell.errors import LineError
from qmpshell.language import bind, parse
from tests.schema.recorded import schema

_SESSION = Path(__file__).parents[1] / "data" / "qemu-7.2-session.txt"
_MANUAL = Path("/usr/share/man/man7/qemu-qmp-ref.7.gz")

#: Examples of commands that QEMU has on other architectures only.
_ELSEWHERE = {"dump-skeys", "query-gic-capabilities"}


def as_words(path: str, value: Any) -> Iterator[str]:
    """Write an argument in shorthand."""
    match value:
        case dict() if value:
            for name, below in value.items():
                yield from as_words(f"{path}.{name}", below)
        case list() if value:
            for index, below in enumerate(value):
                yield from as_words(f"{path}.{index}", below)
        case str() if re.fullmatch(r"""[^\s"'{\[]*""", value):
            yield f"{path}={value}"
        case _:
            yield f"{path}={json.dumps(value)}"


def check(text: str) -> None:
    request = json.loads(text)
    assert bind(parse(text), schema("7.2")).members == request
    arguments = request.get("arguments", {})
    words = [word for name, value in arguments.items() for word in as_words(name, value)]
    line = " ".join([request.get("execute", request.get("exec-oob")), *words])
    assert bind(parse(line), schema("7.2")).members.get("arguments", {}) == arguments, line


def exchanges() -> list[tuple[str, str]]:
    """Return what was sent in the recorded session that has an answer, and that answer."""
    lines = [line for line in _SESSION.read_text().splitlines() if line[:2] in ("->", "<-")]
    answers = {}
    for line in lines:
        if line.startswith("<- {") and '"event"' not in line:
            answer = json.loads(line[3:])
            answers[json.dumps(answer.get("id"))] = answer
    found = []
    for line in lines:
        if not line.startswith("-> {"):
            continue
        try:
            number = json.dumps(json.loads(line[3:]).get("id"))
        except ValueError:  # sent to see what QEMU says to it
            continue
        if number in answers:
            found.append((line[3:], next(iter(answers[number].keys() & {"return", "error"}))))
    return found


def test_what_qemu_took_is_right():
    taken = [text for text, answer in exchanges() if answer == "return"]
    assert len(taken) > 30
    for text in taken:
        check(text)


def manual() -> str:
    """Return the manual's text, without most of its formatting."""
    text = gzip.decompress(_MANUAL.read_bytes()).decode()
    for written, meant in (
        *((r"\-", "-"), (r"\(aq", "'"), (r"\(dq", '"'), (r"\&", ""), (r"\(ga", "`")),
        *((r"\(ha", "^"), (r"\(ti", "~"), ("\\e", "\\"), ("\\\\", "\\")),
    ):
        text = text.replace(written, meant)
    return text


@pytest.mark.skipif(not _MANUAL.exists(), reason="QEMU's manual is not installed")
def test_the_manuals_examples_are_right():
    text = manual()
    if not re.search(r'^\.TH .*"7\.2\.', text, re.MULTILINE):
        pytest.skip("the manual is not that of QEMU 7.2")
    tried = wrong = 0
    for example in re.findall(r"^-> *(\{.*?)(?=^(?:<-|->|\.|$)|\Z)", text, re.M | re.S):
        tried += 1
        try:
            check(example.strip())
        except LineError:
            assert any(f'"{name}"' in example for name in _ELSEWHERE), example
            wrong += 1
    assert tried > 180
    assert wrong == len(_ELSEWHERE)
