"""What stands behind ``/sendfd``: a file here that QEMU gets as an open descriptor."""

from __future__ import annotations

import re

from qmpshell.errors import LineError
from qmpshell.language.shell_words import read_shell_words
from qmpshell.named_tuple import NamedTuple

#: How the file is opened.
ACCESSES = ("--read", "--write", "--read-write")

#: What stands for a set that QEMU is to make.
NEW = "new"

SENDFD_OPTIONS = {**dict.fromkeys(ACCESSES), "--fdset": "NUMBER"}


class SendFD(NamedTuple):
    """A descriptor that is to be sent.

    Attributes:
        name: what QEMU is to know it by.
        file: the file's path here.
        access: how it is opened, of ``ACCESSES``.
        fdset: the number of the set that it goes into, or ``NEW``; empty for none, and then
            it is for ``getfd``.
    """

    name: str
    file: str
    access: str = "--read-write"
    fdset: str = ""


def read_sendfd(text: str) -> SendFD:
    """Read what stands behind ``/sendfd``.

    Raises:
        LineError: it isn't understood.
    """
    given = read_shell_words(text, SENDFD_OPTIONS)
    words = given.words
    if len(words) < 2:
        raise LineError("a name for QEMU is expected, and a file here", len(text), len(text))
    if len(words) > 2:
        message = "a name and a file are expected; quote what has blanks"
        raise LineError(message, words[2].start, len(text))
    name, file = words
    if not file.text:
        raise LineError("a file has a name", file.start, file.end)
    fdset = given.options.get("--fdset")
    # QEMU refuses names that begin like a number (monitor/fds.c).
    if fdset is None and not re.match(r"[^0-9]", name.text):
        raise LineError("a name that begins with no digit is expected", name.start, name.end)
    if fdset and not re.fullmatch(r"[0-9]+|new", fdset.text, re.ASCII):
        message = f"the number of a set is expected, or {NEW}"
        raise LineError(message, fdset.start, fdset.end)
    accesses = [given.options[access] for access in ACCESSES if access in given.options]
    if len(accesses) > 1:
        last = max(accesses, key=lambda value: value.start)
        raise LineError(f"only one of {', '.join(ACCESSES)}", last.start, last.end)
    access = accesses[0].text if accesses else SendFD("", "").access
    return SendFD(name.text, file.text, access, fdset.text if fdset else "")
