"""Whatever a server says it accepts and has: help, search, completion and the bottom line cope."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from qmpshell.client import Client
from qmpshell.protocol import Connection
from qmpshell.render import columns, plain
from qmpshell.render.help import command_help, event_help
from qmpshell.schema import Schema
from qmpshell.shell.bottom_line import BottomLine
from qmpshell.shell.qmp_completer import QMPCompleter
from qmpshell.shell.replies import Replies
from qmpshell.shell.search import search
from qmpshell.shell.server import Server
from qmpshell.simulator import Faults, ManualClock
from qmpshell.simulator.faults import HOSTILE
from tests.faults.programs import is_harmless
from tests.faults.virtual import VirtualStream
from tests.language.test_any_text import PIECES
from tests.language.test_typed_binding import RIGHT_LINES
from tests.schema.mutated import mutate, part_of_schema
from tests.schema.recorded import schema
from tests.schema.test_schema import LOOPS

_COMMANDS = ["blockdev-add", "send-key", "set_link", "device_add", "transaction", "migrate"]
_PART = part_of_schema([*_COMMANDS, "qom-set", "query-block", "BLOCK_JOB_COMPLETED", "STOP"])

#: What may be anywhere in an answer.
_ANSWERS = st.recursive(
    st.sampled_from([None, True, 0, -1, 1.5, "", "a", "a b", "child<x>", "link<x>", HOSTILE]),
    lambda below: (
        st.lists(below, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["name", "type", "id", "device", "node-name", "label", "inserted", "props", "x"]
            ),
            below,
            max_size=4,
        )
    ),
    max_leaves=8,
)

_LINES = [
    *(line for line, _ in RIGHT_LINES),
    *(
        "chardev-remove id=",
        "device_del ",
        "qom-get /machine ",
        "qom-set path=/m property=a value=",
    ),
    *(
        "blockdev-add driver=qcow2 file=",
        "job-cancel id=",
        "set_link name=",
        "device_add ",
        "/help ",
    ),
    *('{"execute": "job-cancel", "arguments": {"id": ', "eject id=", "transaction( abort ; "),
]


def completer(model: Schema, client: Client | None = None) -> QMPCompleter:
    server = Server()
    server.schema, server.commands = model, list(model.commands)
    made = QMPCompleter(server, Replies(None))
    if client:
        made.begin(client)
    return made


def complete(made: QMPCompleter, text: str, cursor: int, *, asked: bool = True) -> None:
    """Press Tab, and check that each thing that is offered can be taken and shown."""
    document = Document(text, cursor)
    for offered in made.get_completions(document, CompleteEvent(completion_requested=asked)):
        assert -cursor <= offered.start_position <= 0
        assert is_harmless(offered.display_text)
        assert is_harmless(offered.display_meta_text)


def explain(model: Schema) -> None:
    """Ask for all help there is."""
    for name in model.commands:
        command = model.command(name)
        assert command
        assert is_harmless(plain(command_help(command, model, 40)))
    for name in model.events:
        event = model.event(name)
        assert event
        assert is_harmless(plain(event_help(event, model, 40)))
    for hit in search(model, "e"):
        assert hit.name and hit.place


@given(st.integers(), st.integers(0, 30), st.sampled_from(_LINES), st.data())
def test_any_schema(seed: int, count: int, line: str, data: st.DataObject) -> None:
    model = Schema(mutate(_PART, seed, count))
    explain(model)
    cursor = data.draw(st.integers(0, len(line)))
    complete(completer(model), line, cursor)
    text = BottomLine(lambda: model)(line[:cursor], 60)
    assert is_harmless("".join(piece for _, piece in text))
    assert columns("".join(piece for _, piece in text)) in (0, 60)


def test_a_schema_whose_types_contain_themselves() -> None:
    model = Schema(LOOPS)
    explain(model)
    for line in (
        "c ",
        "c t=x ",
        "c t=x a.a.a.",
        "c a.a.t=x a.a.",
        '{"execute": "c", "arguments": {',
    ):
        complete(completer(model), line, len(line))
        BottomLine(lambda: model)(line, 60)


@given(
    st.sampled_from(_LINES),
    st.lists(st.sampled_from(PIECES), max_size=4).map("".join),
    st.booleans(),
    st.data(),
)
def test_any_cursor(line: str, more: str, asked: bool, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(line)))
    text = line[:place] + more + line[place:]
    made = completer(schema("7.2"))
    complete(made, text, data.draw(st.integers(0, len(text))), asked=asked)


class AnyAnswers(dict[str, Any]):
    """The values of all commands: each the same."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> Any:
        return self.answer


@given(st.sampled_from(_LINES), _ANSWERS)
def test_any_answers(line: str, answer: Any) -> None:
    faults = Faults(values=AnyAnswers(answer))
    client = Client(VirtualStream(ManualClock(), faults), Connection())
    client.negotiate(timeout=None)
    made = completer(schema("7.2"), client)
    complete(made, line, len(line))
    made.end_line()
