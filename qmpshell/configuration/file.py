"""The configuration file: where it is, and what it says."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Mapping
from typing import NoReturn

from qmpshell.configuration.configuration import Configuration
from qmpshell.errors import UsageError

NAME = "config.toml"

#: No person writes a configuration as long as this, in bytes.
_MOST_BYTES = 2**20


def configuration_path(env: Mapping[str, str]) -> str:
    """Return where the configuration file is, if it is there: in click's application folder.

    Parameters:
        env: the environment; ``XDG_CONFIG_HOME`` and ``HOME`` are looked at.

    Returns:
        The file's path; an empty one for a user without a home.
    """
    home, config = env.get("HOME", ""), env.get("XDG_CONFIG_HOME", "")
    if sys.platform == "darwin":
        config = os.path.join(home, "Library", "Application Support")
    elif not os.path.isabs(config):
        config = os.path.join(home, ".config")
    return os.path.join(config, "qmpshell", NAME) if os.path.isabs(config) else ""


def configured(file: str | None, env: Mapping[str, str]) -> Configuration:
    """Return what the configuration file says.

    It is read once: what it said at the start holds until the end.

    Parameters:
        file: the file that was asked for, an empty path for none; ``None`` for the usual
            one, which needn't be there.
        env: the environment.

    Raises:
        UsageError: it can't be read, or isn't right.
    """
    path = configuration_path(env) if file is None else file
    return _read(path, needed=file is not None) if path else Configuration()


@functools.cache
def _read(path: str, *, needed: bool) -> Configuration:
    try:
        with open(path, "rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError) as error:
        if not needed:
            return Configuration(path)
        _refuse(path, error)
    except (OSError, ValueError) as error:
        _refuse(path, error)
    from qmpshell.configuration.reading import read_configuration, refuse

    if len(data) > _MOST_BYTES:
        refuse(path, 1, "this is too long for a configuration")
    try:
        return read_configuration(data.decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        refuse(path, data.count(b"\n", 0, error.start) + 1, "this is no text in UTF-8")


def _refuse(path: str, error: OSError | ValueError) -> NoReturn:
    from qmpshell.render import escape

    reason = getattr(error, "strerror", None) or error
    raise UsageError(f"the configuration {escape(path)} can't be read: {reason}") from None
