"""Whatever a client sends, in whatever pieces, the simulator goes on."""

from hypothesis import given
from hypothesis import strategies as st

from qmpshell.simulator.conversation import Conversation, Refusal

PIECES = st.sampled_from(
    [
        b'{"execute": "query-name"}',
        b'{"execute": "query-name", "id": "}"}',
        b'{"exec-oob": "query-yank"}',
        b'{"id": NaN}',
        b"[" * 5000,
        b'{"a":' * 500,
        b'"\\',
        b"\xff",
        b"}",
        b"5 ",
    ]
)


def take_out(conversation):
    taken = []
    while said := conversation.next_urgent() or conversation.next_waiting():
        taken.append(said)
    return taken


@given(st.lists(PIECES | st.binary(max_size=8), max_size=12))
def test_bytes_of_any_kind_are_refused_at_most(chunks):
    conversation = Conversation()
    conversation.oob_enabled = True
    for chunk in chunks:
        conversation.receive(chunk)
        for said in take_out(conversation):
            if isinstance(said, Refusal):
                assert said.error.error_class == "GenericError"
            else:
                assert said.command in ("query-name", "query-yank")


@given(st.integers(1, 9), st.integers(0, 40))
def test_requests_come_out_in_order_however_they_are_cut(size, count):
    text = b"".join(b'{"execute": "query-name", "id": %d}' % n for n in range(count))
    conversation = Conversation()
    taken = []
    for start in range(0, len(text), size):
        conversation.receive(text[start : start + size])
        taken += take_out(conversation)
    assert [said.members["id"] for said in taken] == list(range(count))
