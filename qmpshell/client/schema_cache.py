"""Schemas on disk, so that a command that is run once needn't ask for 200 KB.

QEMU 7.2 takes 40 ms to write its schema. What tells two servers' schemas apart is asked
instead, in two small queries: a file's name is the checksum of the version, the package, the
target and the names of all commands.

What it can't tell is QEMU's option ``-compat deprecated-output=hide``, which takes deprecated
arguments and enum values out of the schema and leaves the commands (tried on 7.2): no query
shows it. So a schema from a file may have what this server hides, and then the check lets
pass what the server itself decides on. It may also lack what this server has; so nothing is
ever refused by a schema from a file, but by the server's own, which :meth:`CachedSchema.renew`
asks for. Types are the same in both.
"""

from __future__ import annotations

import binascii
import contextlib
import json
import os
import stat
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from qmpshell.client.client import Client
from qmpshell.client.introspection import SCHEMA_REQUEST, schema_from
from qmpshell.errors import CommandError, TimedOut
from qmpshell.protocol import NO_ID, ErrorReply, Return
from qmpshell.schema import Schema

#: So many schemas are kept; then the oldest go.
MOST_FILES = 20

#: A file larger than this, in bytes, is none of ours: QEMU's schema has 200 to 400 KB.
MOST_BYTES = 4 * 2**20

_PREFIX = "schema-"


def cache_folder(env: Mapping[str, str]) -> str | None:
    """Return where schemas are kept: in the user's folder for what can be had again.

    Parameters:
        env: the environment; ``XDG_CACHE_HOME`` and ``HOME`` are looked at.

    Returns:
        The folder's path; ``None`` for a user without a home.
    """
    cache, home = env.get("XDG_CACHE_HOME", ""), env.get("HOME", "")
    if os.path.isabs(cache):
        return os.path.join(cache, "qmpshell")
    return os.path.join(home, ".cache", "qmpshell") if os.path.isabs(home) else None


class CachedSchema:
    """The schema of the server behind a client.

    Parameters:
        client: the connection.
        folder: where schemas are kept; ``None`` for nowhere.
    """

    def __init__(self, client: Client, folder: str | None) -> None:
        self._client = client
        self._folder = folder
        self._commands: frozenset[str] = frozenset()
        self._path: str | None = None
        self._schema: Schema | None = None
        self._known = False
        self._from_file = False

    def find(self, timeout: float | None = None) -> Schema | None:
        """Return the schema, from a file where there is one; ``None`` if the server has none.

        Parameters:
            timeout: how long to wait for an answer, in seconds; ``None`` without an end.

        Raises:
            TimedOut: none came in time. The next call asks again.
            ConnectionLost: the connection ended meanwhile.
        """
        if not self._known:
            self._schema = self._load(timeout)
            self._from_file = self._schema is not None
            self._schema = self._schema or self._fetch(timeout)
            self._known = True
        return self._schema

    def renew(self, timeout: float | None = None) -> Schema | None:
        """Return the server's own schema if the one that was found is from a file.

        Parameters:
            timeout: as of :meth:`find`.

        Returns:
            It, which is found from now on; ``None`` when the one that was found is the
            server's own already.

        Raises:
            TimedOut, ConnectionLost: as :meth:`find`.
        """
        if not self._from_file:
            return None
        self._schema = self._fetch(timeout)
        self._from_file = False
        return self._schema

    def _load(self, timeout: float | None) -> Schema | None:
        if self._folder is None or self._client.greeting is None:
            return None
        key = self._ask_for_key(timeout)
        if key is None or not _is_private(self._folder):
            return None
        self._path = os.path.join(self._folder, f"{_PREFIX}{key}.json")
        return self._read(_read_file(self._path))

    def _fetch(self, timeout: float | None) -> Schema | None:
        """Ask the server, and keep what it says."""
        if self._client.agent_info:
            return self._client.agent_info.schema()
        if self._client.greeting is None:
            return None
        try:
            reply = self._client.request(
                SCHEMA_REQUEST, timeout=timeout, keep_document=self._path is not None
            )
        except CommandError:
            return None
        schema = schema_from(reply)
        if self._path and schema and reply.document and self._suits(schema):
            # That nothing can be kept is no reason for a complaint.
            with contextlib.suppress(OSError):
                _write_file(self._path, reply.document)
        return schema

    def _ask_for_key(self, timeout: float | None) -> str | None:
        """Return what this server's schema is known by, if that can be told."""
        target, commands = self._ask(timeout, "query-target", "query-commands")
        match commands:
            case Return(value=[*entries]):
                self._commands = frozenset(_names(entries))
            case _:
                return None
        assert self._client.greeting is not None
        known_by = [
            self._client.greeting.version,
            self._client.greeting.package,
            target.value if isinstance(target, Return) else None,
            sorted(self._commands),
        ]
        # A checksum will do, as who is out to deceive needn't change it: a server may call
        # itself anything. And hashlib takes longer to import than the file takes to be read.
        return f"{binascii.crc32(json.dumps(known_by).encode()):08x}"

    def _ask(self, timeout: float | None, *names: str) -> list[Return | ErrorReply]:
        """Send queries at once, and return their replies in the same order."""
        replies: dict[str, Return | ErrorReply] = {}
        requests = [
            self._client.submit({"execute": name}, on_reply=partial(replies.__setitem__, name))
            for name in names
        ]
        try:
            self._client.wait(lambda: len(replies) == len(names), timeout=timeout)
        except TimedOut:
            raise TimedOut(f"{' and '.join(names)}: no reply in {timeout:g} s") from None
        finally:
            for request in requests:
                self._client.give_up(request)
        return [replies[name] for name in names]

    def _read(self, document: bytes | None) -> Schema | None:
        """Read what is in a file, which may be anything."""
        try:
            members: Any = json.loads(document or b"")
        except (ValueError, RecursionError):
            return None
        if not isinstance(members, dict):
            return None
        schema = schema_from(Return(members.get("return"), NO_ID, members))
        return schema if schema and self._suits(schema) else None

    def _suits(self, schema: Schema) -> bool:
        return frozenset(schema.commands) == self._commands


def _names(entries: Iterable[Any]) -> Iterable[str]:
    for entry in entries:
        match entry:
            case {"name": str(name)}:
                yield name


def _is_private(folder: str) -> bool:
    """Say whether a folder is the user's alone to write to; make it where there is none."""
    with contextlib.suppress(OSError):
        above = folder
        while not os.path.lexists(above):
            above = os.path.dirname(above)
        # With ``sudo``, the home may be somebody else's, who could do without our files.
        if os.stat(above).st_uid == os.geteuid():
            os.makedirs(folder, mode=0o700, exist_ok=True)
            return _is_own(os.stat(folder))
    return False


def _is_own(status: os.stat_result) -> bool:
    return status.st_uid == os.geteuid() and not status.st_mode & 0o022


def _read_file(path: str) -> bytes | None:
    """Return a file's bytes; ``None`` for what isn't our own, or no file of a fitting size."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with open(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        fits = stat.S_ISREG(status.st_mode) and status.st_size <= MOST_BYTES
        if not (fits and _is_own(status)):
            return None
        try:
            return file.read(MOST_BYTES)
        except OSError:
            return None


def _write_file(path: str, content: bytes) -> None:
    """Put a file in its place whole, for its owner alone, and remove the oldest."""
    temporary = f"{path}.{os.urandom(8).hex()}"
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        os.unlink(temporary)
        raise
    _remove_oldest(os.path.dirname(path))


def _remove_oldest(folder: str) -> None:
    with os.scandir(folder) as entries:
        ours = [entry for entry in entries if entry.name.startswith(_PREFIX)]
    ours.sort(key=lambda entry: entry.stat(follow_symlinks=False).st_mtime_ns, reverse=True)
    for entry in ours[MOST_FILES:]:
        os.unlink(entry.path)
