"""A socket of another host, to which OpenSSH's own client forwards one of ours.

So all holds that a person has told OpenSSH: its configuration, keys, agent, jump hosts and
known hosts. Forwarding from a socket of ours (``-L``), and not from standard input (``-W``),
makes no difference between versions (``-W`` takes a Unix socket only since 9.4), and shows when
the person has been let in: when our socket is there.
"""

from __future__ import annotations

import contextlib
import math
import os
import re
import shutil
import socket
import time
from collections.abc import Generator

from qmpshell.address import SSHAddress, TCPAddress
from qmpshell.errors import ConnectError, NoAnswer, UsageError, WrongAddress
from qmpshell.private_folder import private_folder
from qmpshell.transport.child import Child, ChildStream

#: How often we look whether we are let in, in seconds.
_LOOK_SECONDS = 0.005

#: What trying again doesn't heal, and what may get a person locked out.
_FOR_A_PERSON = r"Permission denied|Host key verification failed|Too many authentication failures"

Steps = Generator[None, None, ChildStream]


def open_ssh(address: SSHAddress, timeout: float | None) -> ChildStream:
    """Log in to a host, and connect to a socket there.

    OpenSSH asks on the terminal what it has to ask, if there is one, and then takes as long as
    a person does.

    Parameters:
        address: where to.
        timeout: how long the host may take to answer, and all of it where nobody can be
            asked, in seconds; ``None`` without an end.

    Raises:
        ConnectError: it can't be had; OpenSSH says why.
    """
    with contextlib.closing(_steps(address, timeout, may_ask=_has_terminal())) as steps:
        while True:
            try:
                next(steps)
            except StopIteration as done:
                stream: ChildStream = done.value
                return stream
            time.sleep(_LOOK_SECONDS)


def begin_ssh(address: SSHAddress, timeout: float) -> Steps:
    """Do as :func:`open_ssh`, without ever waiting, and without asking anybody.

    Parameters:
        address: where to.
        timeout: how long all steps may take together, in seconds.

    Raises:
        ConnectError: it can't be had; OpenSSH says why.
    """
    return _steps(address, timeout, may_ask=False)


def _steps(address: SSHAddress, timeout: float | None, *, may_ask: bool) -> Steps:
    end = math.inf if timeout is None or may_ask else time.monotonic() + timeout
    try:
        folder = private_folder()
    except UsageError as error:
        raise ConnectError(f"{address}: {error}") from None
    try:
        path = str(folder / "s")
        child = Child(_command(address, path, timeout, may_ask=may_ask), may_ask=may_ask)
        try:
            while True:
                # That it can't reach the socket it says as soon as we are connected.
                said = child.said
                if stream := _connected(path):
                    break
                if child.ended:
                    raise _failure(address, child.last_words())
                if time.monotonic() > end:
                    raise NoAnswer(
                        f"{address}: ssh isn't through in {timeout:g} s",
                        "a longer --connect-timeout gives it more",
                    )
                yield
        except BaseException:
            child.end()
            raise
    finally:
        # Nobody else is to come this way.
        shutil.rmtree(folder, ignore_errors=True)
    child.forget(said)
    advice = f"is that socket there, and may {address.user or 'you'} connect to it?"
    return ChildStream(stream, child, advice)


def _command(address: SSHAddress, path: str, timeout: float | None, *, may_ask: bool) -> list[str]:
    """Return what OpenSSH is called with.

    It makes a connection of its own: one that it shares (``ControlMaster``) would keep our
    socket open when we are gone. What else its configuration forwards may fail as it likes.
    """
    options = ["ControlPath=none", "ExitOnForwardFailure=no"]
    if timeout is not None:
        options.append(f"ConnectTimeout={math.ceil(max(timeout, 1))}")
    if not may_ask:
        options.append("BatchMode=yes")
    words = ["ssh", "-N", "-T", *(word for option in options for word in ("-o", option))]
    words += ["-L", f"{path}:{_far(address)}"]
    if address.user:
        words += ["-l", address.user]
    if address.port is not None:
        words += ["-p", str(address.port)]
    return [*words, "--", address.host]


def _far(address: SSHAddress) -> str:
    """Write the socket on the other host as ``-L`` takes it, which expands ``%`` in paths."""
    if isinstance(address.far, TCPAddress):
        return str(address.far).removeprefix("tcp:")
    return re.sub(r"[\\:]", r"\\\g<0>", address.far.path.replace("%", "%%"))


def _connected(path: str) -> socket.socket | None:
    """Connect to the socket that OpenSSH makes when it is logged in, if it is there."""
    stream = socket.socket(socket.AF_UNIX)
    try:
        stream.connect(path)
    except (FileNotFoundError, ConnectionRefusedError):
        stream.close()
        return None
    except BaseException:
        stream.close()
        raise
    return stream


def _failure(address: SSHAddress, words: str) -> ConnectError:
    said = f"{address}: {words or 'ssh ended and said nothing'}"
    return WrongAddress(said) if re.search(_FOR_A_PERSON, words) else ConnectError(said)


def _has_terminal() -> bool:
    """Say whether there is a terminal, on which OpenSSH may ask a person."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True
