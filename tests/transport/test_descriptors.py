import contextlib
import os
import select

from qmpshell.transport.descriptors import PairStream


def test_more_than_a_pipe_holds_goes_out_as_there_is_room() -> None:
    reading, their_writing = os.pipe()
    their_reading, writing = os.pipe()
    stream = PairStream(reading, writing)
    data = os.urandom(1_000_000)
    assert stream.send(data) == len(data)
    received = b""
    poll = select.poll()
    poll.register(stream, select.POLLIN)
    while len(received) < len(data):
        received += os.read(their_reading, 65536)
        # Who waits for the stream is woken to send the rest.
        if len(received) < len(data) and poll.poll(0):
            with contextlib.suppress(BlockingIOError):
                stream.recv(100)
    assert received == data
    assert poll.poll(0) == []
    os.write(their_writing, b"answer")
    assert poll.poll(0)
    assert stream.recv(100) == b"answer"
    os.close(their_writing)
    assert poll.poll(0)
    assert stream.recv(100) == b""
    stream.close()
    stream.close()
    assert stream.fileno() == -1
    os.close(their_reading)


def test_what_came_before_the_reader_left_is_still_read() -> None:
    reading, their_writing = os.pipe()
    their_reading, writing = os.pipe()
    stream = PairStream(reading, writing)
    os.write(their_writing, b"last")
    os.close(their_reading)
    assert stream.send(b"too late") == 8
    assert stream.recv(100) == b"last"
    stream.close()
    os.close(their_writing)
