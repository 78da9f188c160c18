import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.errors import ProtocolError
from qmpshell.protocol import documents
from qmpshell.protocol.documents import MAX_DEPTH, DocumentSplitter, decode_document

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
OBJECTS = st.dictionaries(st.text(), JSON, max_size=4)


def split(*chunks: bytes) -> list[bytes]:
    splitter = DocumentSplitter()
    documents = []
    for chunk in chunks:
        splitter.feed(chunk)
        while (document := splitter.next_document()) is not None:
            documents.append(document)
    return documents


def outcome(data: bytes, size: int) -> list[bytes] | str:
    try:
        return split(*chunks_of(data, size))
    except ProtocolError:
        return "refused"


def chunks_of(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"", b" \t "])
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_documents_are_cut_whatever_stands_between_them(end: bytes, size: int) -> None:
    documents = [b"{}", b'{"a": "}{\\"]["}', b'{\r\n    "b": [\r\n        {}]\r\n}']
    assert split(*chunks_of(end.join(documents) + end, size)) == documents


def test_a_document_is_there_the_moment_its_brace_closes() -> None:
    splitter = DocumentSplitter()
    splitter.feed(b'{"a": {}')
    assert splitter.next_document() is None
    splitter.feed(b"}")
    assert splitter.next_document() == b'{"a": {}}'
    assert splitter.unfinished == b""


@given(st.lists(OBJECTS, max_size=5), st.booleans(), st.lists(st.integers(0, 1000), max_size=9))
def test_any_chunking_gives_the_same_documents(
    objects: list[dict[str, object]], pretty: bool, cuts: list[int]
) -> None:
    stream = b"".join(
        json.dumps(value, indent=4 if pretty else None).encode() + b"\r\n" for value in objects
    )
    edges = [0, *sorted(cuts), len(stream)]
    chunks = [stream[start:end] for start, end in itertools.pairwise(edges)]
    assert [decode_document(document) for document in split(*chunks)] == objects


@given(st.lists(st.binary(max_size=20), max_size=8))
def test_random_bytes_raise_only_our_own_error(chunks: list[bytes]) -> None:
    try:
        for document in split(*chunks):
            decode_document(document)
    except ProtocolError as error:
        assert str(error).isprintable()


STRUCTURE = [b'"', b"\\", b"{", b"}", b"[", b"]", b"\xff", b"a", b" ", b"\n"]


@given(st.lists(st.sampled_from(STRUCTURE)))
def test_any_structure_is_cut_alike_in_one_piece_and_byte_by_byte(pieces: list[bytes]) -> None:
    data = b"{" + b"".join(pieces)

    assert outcome(data, 1) == outcome(data, len(data))


@given(
    OBJECTS,
    st.lists(st.sampled_from([b"}", b'"', b"\n", b" ", b"\xff", b'{"b": 1}', b"{"])),
    st.booleans(),
)
def test_a_long_line_is_cut_like_a_short_one(
    value: object, pieces: list[bytes], line_ends: bool
) -> None:
    long = json.dumps({"long": [value, "{\\" * 3000]}).encode()
    data = long + b"".join(pieces)
    # Nothing but a brace or a line's end shows that something is whole.
    data += b"\n" if line_ends or not data.endswith(b"}") else b""
    assert outcome(data, 1) == outcome(data, 4097) == outcome(data, len(data))


@pytest.mark.parametrize("size", [1, 100])
@pytest.mark.parametrize(
    "broken_off",
    [b"", b"{", b'{"a', b'{"a\\', b'{"a": [1, {"b"', b'{"a": "x\\"', b" \xff", b'{"a": [\xff'],
)
def test_a_resync_byte_drops_what_was_not_whole(broken_off: bytes, size: int) -> None:
    assert split(*chunks_of(broken_off + b'\xff {"b": 1}', size)) == [b'{"b": 1}']


def test_a_resync_byte_at_the_very_end_leaves_nothing() -> None:
    splitter = DocumentSplitter()
    splitter.feed(b'{"a"\xff')
    assert splitter.next_document() is None
    assert splitter.unfinished == b""


@pytest.mark.parametrize(
    ("stranger", "shown"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", r"'HTTP/1.1 400 Bad Request\r\n\r\n'"),
        (b"QEMU 7.2.22 monitor - type 'help'", "\"QEMU 7.2.22 monitor - type 'help'\""),
        (b"[1, 2]", "'[1, 2]'"),
        (b"\x00\x1b[31m\x9b", r"'\x00\x1b[31m\x9b'"),
        (b"[" * 200_000, f"'{'[' * 60}'..."),
    ],
)
def test_what_is_no_object_is_shown_escaped_and_cut(stranger: bytes, shown: str) -> None:
    with pytest.raises(ProtocolError) as caught:
        split(stranger)
    assert str(caught.value) == f"not QMP: {shown}"


def test_documents_before_a_stranger_are_delivered() -> None:
    splitter = DocumentSplitter()
    splitter.feed(b'{"a": 1} HTTP')
    assert splitter.next_document() == b'{"a": 1}'
    with pytest.raises(ProtocolError):
        splitter.next_document()


@pytest.mark.parametrize(
    "document",
    [
        b'{"a": }',
        b'{"a": nan}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b"{]",
        b'{"a": "\xe9"}',
        b'{"a": "\n"}',
        b'{"\x00": 1}',
        b'{"a": ' + b"1" * 5000 + b"}",
    ],
)
def test_what_is_no_json_is_refused(document: bytes) -> None:
    with pytest.raises(ProtocolError, match="not valid JSON: '{"):
        decode_document(document)


def test_a_document_as_deep_as_allowed_is_read_and_a_deeper_one_refused() -> None:
    def nested(depth: int) -> bytes:
        return b'{"a":' * (depth - 1) + b"{}" + b"}" * (depth - 1)

    (document,) = split(nested(MAX_DEPTH))
    assert decode_document(document)
    with pytest.raises(ProtocolError, match="nested over 400 levels"):
        split(nested(MAX_DEPTH + 1))
    with pytest.raises(ProtocolError, match="nested over 400 levels"):
        split(nested(MAX_DEPTH + 1) + b"\n")


def test_a_document_without_an_end_does_not_fill_the_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 2**20)
    longest = b'{"a": "' + b"x" * (2**20 - 9) + b'"}'
    assert split(*chunks_of(longest, 60_000), longest) == [longest, longest]
    with pytest.raises(ProtocolError, match="longer than 1 MB"):
        split(b'{"a": "', *[b"x" * 1000] * 2000)


def test_a_long_document_may_come_in_pieces_that_look_like_its_end() -> None:
    piece = b'{"a": ["}"]}'
    data = b'{"list": [' + b",".join([piece] * 2000) + b"]}"
    assert split(*chunks_of(data, len(piece) + 1)) == [data]
    assert split(data[:10] + piece, *chunks_of(data[10 + len(piece) :], 6500)) == [data]


def test_a_large_document_in_small_chunks_is_scanned_once() -> None:
    # Were each chunk's arrival to scan from the beginning, this would look at 8 GB.
    document = json.dumps({"return": [{"name": "x" * 50}] * 60_000}).encode()
    assert split(*chunks_of(document, 2000)) == [document]


def test_a_pretty_document_is_cut_like_any_other() -> None:
    value = {"return": [{"name": "x\\" * 20 + '"]}', "list": [[n], {}]} for n in range(500)]}
    document = json.dumps(value, indent=4).replace("\n", "\r\n").encode()
    for size in (100, 513, 100_000):
        assert split(*chunks_of(3 * (document + b"\r\n"), size)) == 3 * [document]
