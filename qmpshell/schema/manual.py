"""The text of QEMU's manual, qemu-qmp-ref(7), for a command, an event or a type.

Sphinx has written that page since QEMU 5.2, with a heading for each entry up to 9.2 and as
a list of descriptions since 10.0; both are understood. The page is large and only looked
through for where its entries are; an entry is read when it is asked for.
"""

from __future__ import annotations

import re
from functools import cached_property

from qmpshell.named_tuple import NamedTuple
from qmpshell.schema.roff import Block, Layout, plain_text, read_blocks

_KINDS = "Alternate|Command|Enum|Event|Object"

#: The first two are an entry's heading, before 10.0 and since. The third is a chapter's; before
#: 10.0 one within a chapter can't be told from a heading in an entry.
_HEADING = re.compile(
    rf"^\.SS (?P<name>\S+) \((?P<kind>{_KINDS})\)$"
    rf"|^\.B (?P<new_kind>{_KINDS}) (?P<new_name>\S+)(?: \(Since: (?P<since>[^)\n]*)\))?$"
    r"|^\.SH .*$",
    re.MULTILINE,
)
_CHAPTER = re.compile(r"^\.SS ", re.MULTILINE)
_TITLE = re.compile(r'^\.TH (?:"[^"\n]*" ){3}"(\d[^"\n]*)"', re.MULTILINE)


class Entry(NamedTuple):
    """What the manual says about something.

    Attributes:
        name: its name.
        kind: ``command``, ``event``, ``enum``, ``object`` or ``alternate``.
        since: the version of QEMU that brought it, where the entry's heading says so.
        blocks: the text.
    """

    name: str
    kind: str
    since: str
    blocks: tuple[Block, ...]


class _Place(NamedTuple):
    name: str
    kind: str
    since: str
    start: int
    end: int
    old: bool


class Manual:
    """The page, looked through when something is first asked for.

    Parameters:
        source: the page's source, in roff; anything else is a manual without entries.
    """

    def __init__(self, source: str) -> None:
        self._source = source

    @cached_property
    def version(self) -> str:
        """The version of QEMU that it is the manual of, or ``""`` when it doesn't say."""
        title = _TITLE.search(self._source)
        return plain_text(title[1]) if title else ""

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of everything that it has an entry for, sorted."""
        return tuple(sorted(place.name for place in self._places.values()))

    def entry(self, name: str) -> Entry | None:
        """Return the entry of a command, an event or a type.

        Parameters:
            name: its name. Upper and lower case matter only between entries that differ
                in nothing else.

        Returns:
            The entry, or ``None`` when there is none.
        """
        place = self._places.get(name) or self._places_in_lower_case.get(name.lower())
        if place is None:
            return None
        text = self._source[place.start : place.end]
        if not place.old and (chapter := _CHAPTER.search(text)):
            text = text[: chapter.start()]
        blocks = read_blocks(text)
        # A chapter's heading, or that of an entry's part that says nothing.
        while blocks and blocks[-1].layout is Layout.HEADING:
            blocks.pop()
        return Entry(place.name, place.kind, place.since, tuple(blocks))

    @cached_property
    def _places(self) -> dict[str, _Place]:
        places: dict[str, _Place] = {}
        found = list(_HEADING.finditer(self._source))
        starts = [heading.start() for heading in found]
        for heading, end in zip(found, [*starts[1:], len(self._source)], strict=False):
            if name := plain_text(heading["name"] or heading["new_name"] or ""):
                kind = (heading["kind"] or heading["new_kind"]).lower()
                since = plain_text(heading["since"] or "")
                old = heading["name"] is not None
                place = _Place(name, kind, since, heading.end(), end, old)
                places.setdefault(name, place)
        return places

    @cached_property
    def _places_in_lower_case(self) -> dict[str, _Place]:
        return {name.lower(): place for name, place in self._places.items()}
