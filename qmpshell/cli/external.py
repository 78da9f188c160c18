"""Programs called ``qmp-WORD``, which ``qmp WORD`` runs."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Mapping, Sequence
from typing import NoReturn

from qmpshell.errors import UsageError
from qmpshell.named_tuple import NamedTuple

#: Python ignores these, and what takes our place would inherit that.
_IGNORED = (signal.SIGPIPE, signal.SIGXFSZ)


class External(NamedTuple):
    """A program that can be run.

    Attributes:
        name: its name.
        env: the environment, in whose ``PATH`` it is.
    """

    name: str
    env: Mapping[str, str]

    def replace_us(self, args: Sequence[str], address: str | None) -> NoReturn:
        """Run it in place of this program.

        Parameters:
            args: its arguments.
            address: the monitor's, which it finds in its environment.

        Raises:
            UsageError: it can't be run.
        """
        env = dict(self.env)
        if address is not None:
            env.update(QMP_SOCKET=address, QMP_PATH=address)
        for number in _IGNORED:
            signal.signal(number, signal.SIG_DFL)
        try:
            os.execvpe(self.name, [self.name, *args], env)  # noqa: S606 (that is what is wanted)
        except OSError as error:
            raise UsageError(f"{self.name} can't be run: {error.strerror}") from None


def find_external(word: str, env: Mapping[str, str]) -> External | None:
    """Return the program ``qmp-WORD``, or ``None`` when there is none on ``PATH``.

    Parameters:
        word: what was typed.
        env: the environment.
    """
    name = f"qmp-{word}"
    if os.sep in word or shutil.which(name, path=env.get("PATH")) is None:
        return None
    return External(name, env)
