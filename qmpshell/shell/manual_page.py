"""Finds and reads the page of QEMU's manual that is installed here, if one is."""

from __future__ import annotations

import bz2
import functools
import gzip
import lzma
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from qmpshell.named_tuple import NamedTuple
from qmpshell.schema.manual import Manual


class Page(NamedTuple):
    """A page of the manual.

    Attributes:
        path: where it is in a folder of manuals.
        where_from: where a person gets it, for those who have none.
    """

    path: str
    where_from: str


_MISSING = "QEMU's manual is not installed here; Debian has it in"

QMP_PAGE = Page("man7/qemu-qmp-ref.7", f"{_MISSING} qemu-system-common")
AGENT_PAGE = Page("man7/qemu-ga-ref.7", f"{_MISSING} qemu-guest-agent")

_USUAL_FOLDERS = ("/usr/local/share/man", "/usr/share/man")

#: How the page may be compressed, by the end of its name.
_DECOMPRESSORS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.decompress,
    ".xz": lzma.decompress,
    ".bz2": bz2.decompress,
}


def installed_manual(env: Mapping[str, str], page: Page = QMP_PAGE) -> Manual | None:
    """Return the manual, or ``None`` when there is none that can be read.

    It is read once, and again only if it is another one that is found.

    Parameters:
        env: the environment; ``MANPATH`` and ``PATH`` are looked at, as ``man`` does.
        page: which page of it.
    """
    for folder in _folders(env):
        for suffix in _DECOMPRESSORS:
            path = Path(folder, page.path + suffix)
            if path.is_file() and (manual := _read(path, suffix)):
                return manual
    return None


def _folders(env: Mapping[str, str]) -> Iterator[str]:
    """Yield the folders of manuals; an empty part of MANPATH stands for the usual ones."""
    for folder in env.get("MANPATH", "").split(os.pathsep):
        if folder:
            yield folder
        else:
            yield from _folders_of_programs(env.get("PATH", ""))
            yield from _USUAL_FOLDERS


def _folders_of_programs(path: str) -> Iterator[str]:
    """Yield the manuals' folders beside the programs': a QEMU built by hand has its own."""
    for folder in path.split(os.pathsep):
        if os.path.isabs(folder):
            yield os.path.join(os.path.dirname(folder.rstrip("/")), "share", "man")


@functools.lru_cache(maxsize=1)
def _read(path: Path, suffix: str) -> Manual | None:
    try:
        page = _DECOMPRESSORS[suffix](path.read_bytes())
    except (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError):
        return None
    manual = Manual(page.decode("utf-8", "replace"))
    return manual if manual.names else None
