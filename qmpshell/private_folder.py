"""A folder that only we can enter, for sockets and the files that go with them."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from qmpshell.errors import UsageError

#: Where it may be: a socket's path has 107 bytes at most, 32 of which are ours, and QEMU's and
#: OpenSSH's options give a meaning to commas, colons, equals signs and others.
_PLACE = r"[A-Za-z0-9_./+-]{1,75}"

#: Where it is otherwise.
_FALLBACK = "/tmp"  # noqa: S108 (mkdtemp makes a folder there that only we can enter)


def private_folder() -> Path:
    """Make a folder in the usual place, or in /tmp where sockets couldn't be.

    Raises:
        UsageError: neither is to be had.
    """
    place = _FALLBACK
    try:
        usual = tempfile.gettempdir()
        place = usual if re.fullmatch(_PLACE, usual) else _FALLBACK
        return Path(tempfile.mkdtemp(prefix="qmp-shell-", dir=place))
    except OSError as error:
        raise UsageError(
            f"no private folder can be made in {place}: {error.strerror};"
            " set TMPDIR to a writable folder with a short and plain path"
        ) from None
