"""The machine's objects (QOM, the QEMU object model): a tree of them, each with properties.

A property of the type ``child<T>`` is an object below, of class ``T``. One of the type
``link<T>`` refers to an object that stands elsewhere; its value is that object's path, or
empty. All others are values. (``docs/devel/qom.rst`` and ``qapi/qom.json`` of QEMU; tried
on 7.2.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from qmpshell.errors import CommandError, Error, RequestError
from qmpshell.named_tuple import NamedTuple
from qmpshell.protocol import ErrorReply, Return

if TYPE_CHECKING:
    from qmpshell.client.client import Client


class Property(NamedTuple):
    """A property of an object.

    Attributes:
        name: its name, which may hold any character but a slash.
        type: its type as QEMU calls it: ``bool``, ``uint32``, ``child<i440FX>``.
        description: what it is for; mostly ``None``, as few have one.
    """

    name: str
    type: str
    description: str | None = None

    @property
    def is_child(self) -> bool:
        """Whether it is an object below this one."""
        return self.type.startswith("child<")

    @property
    def is_link(self) -> bool:
        """Whether it refers to an object elsewhere."""
        return self.type.startswith("link<")


class Node(NamedTuple):
    """An object of the tree.

    Attributes:
        path: where it is.
        properties: what it has, in the server's order.
    """

    path: str
    properties: tuple[Property, ...]


class QOM:
    """The objects behind a connection: ``client.qom``.

    A path is absolute, or as much of its end as only one path has: ``/machine/peripheral/tab``
    or ``tab``.

    Parameters:
        client: the connection.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    def list(self, path: str) -> tuple[Property, ...]:
        """Return an object's properties, those that are objects below it included.

        Parameters:
            path: the object's path.

        Raises:
            CommandError: there is no such object, or the path fits several.
            ConnectionLost: as in :meth:`qmpshell.Client.execute`.
        """
        answer = self._client.execute("qom-list", {"path": path})
        return _read_properties(answer)

    def get(self, path: str, name: str) -> Any:
        """Return a property's value.

        Parameters:
            path: the object's path.
            name: the property's name.

        Raises:
            CommandError: there is no such property, or it can't be read: some only tell of
                things that the machine hasn't got (``crash-information``).
            ConnectionLost: as in :meth:`qmpshell.Client.execute`.
        """
        return self._client.request(_get_request(path, name)).value

    def set(self, path: str, name: str, value: Any) -> None:
        """Give a property another value.

        Parameters:
            path: the object's path.
            name: the property's name.
            value: the value, of the type that :meth:`list` says.

        Raises:
            CommandError: there is no such property, or it doesn't take this value, or none
                any more: those of a device can't be set once it is there.
            ConnectionLost: as in :meth:`qmpshell.Client.execute`.
        """
        self._client.execute("qom-set", {"path": path, "property": name, "value": value})

    def get_all(self, path: str, names: Iterable[str]) -> tuple[Any, ...]:
        """Return the values of several properties, asked for in one go.

        Parameters:
            path: the object's path.
            names: the properties' names.

        Returns:
            The values in the names' order. Where the server answered with an error, the
            :class:`qmpshell.CommandError`, not raised; likewise the
            :class:`qmpshell.RequestError` where a name can't be asked for.

        Raises:
            ConnectionLost: the connection ended before all of them had come.
        """
        names = tuple(names)
        values: dict[int, Any] = {}
        for index, name in enumerate(names):
            try:
                self._client.submit(_get_request(path, name), on_reply=_taker(values, index))
            except RequestError as error:
                values[index] = error
        self._client.wait(lambda: len(values) == len(names), timeout=None)
        return tuple(values[index] for index in range(len(names)))

    def walk(
        self, path: str = "/", *, on_error: Callable[[str, Error], None] | None = None
    ) -> Iterator[Node]:
        """Iterate over an object and all that are below it, each before those below it.

        Links are not followed, so no object comes twice.

        Parameters:
            path: the path to begin at.
            on_error: is told the path of an object that was there when the one above it was
                listed and can't be listed itself, such as a device that was unplugged
                meanwhile, and why. It is passed over.

        Raises:
            CommandError: there is nothing at the path, or the path fits several.
            ConnectionLost: as in :meth:`qmpshell.Client.execute`.
        """
        root = path.rstrip("/") or path[:1]
        node = Node(root, self.list(root))
        yield node
        paths = _paths_below(node)
        while paths:
            path = paths.pop()
            try:
                node = Node(path, self.list(path))
            except (CommandError, RequestError) as error:
                if on_error:
                    on_error(path, error)
                continue
            yield node
            paths += _paths_below(node)


def _get_request(path: str, name: str) -> dict[str, Any]:
    return {"execute": "qom-get", "arguments": {"path": path, "property": name}}


def _taker(values: dict[int, Any], index: int) -> Callable[[Return | ErrorReply], None]:
    def take(reply: Return | ErrorReply) -> None:
        if isinstance(reply, ErrorReply):
            values[index] = CommandError(reply.error_class, reply.desc, reply.members)
        else:
            values[index] = reply.value

    return take


def _read_properties(answer: object) -> tuple[Property, ...]:
    entries = answer if isinstance(answer, list) else ()
    return tuple(property_ for entry in entries if (property_ := _read_property(entry)))


def _read_property(entry: object) -> Property | None:
    """Read an entry of the answer, or pass over what is none."""
    match entry:
        case {"name": str(name), "type": str(type_), "description": str(description)}:
            return Property(name, type_, description)
        case {"name": str(name), "type": str(type_)}:
            return Property(name, type_)
    return None


def _paths_below(node: Node) -> list[str]:
    """Return the paths of the objects right below one, the last first."""
    above = "" if node.path == "/" else node.path
    children = [property_ for property_ in node.properties if property_.is_child]
    return [f"{above}/{child.name}" for child in reversed(children)]
