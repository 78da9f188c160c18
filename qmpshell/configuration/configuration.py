"""What a configuration file says, and what holds where it says nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from qmpshell.address import Address, TLSAddress, parse_address
from qmpshell.named_tuple import NamedTuple

#: What nobody would call a file or a target: an address with more to it than a name.
_MORE_THAN_A_NAME = "/:@,"


class Configuration(NamedTuple):
    """What a configuration file says. The table in ``keys`` explains all but the first two.

    Attributes:
        path: the file; empty where none is wanted, or can be.
        lines: the keys that stand in the file, and in which line each does; a target has its
            table's name in front.
    """

    path: str = ""
    lines: Mapping[str, int] = {}
    targets: Mapping[str, str] = {}
    editing_mode: str = "emacs"
    output: str = "pretty"
    color: str = "auto"
    background: str = "auto"
    dark: str = "terminal"
    light: str = "terminal"
    only: tuple[str, ...] | None = None
    except_: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    dont_ask: tuple[str, ...] = ()
    pager: str | None = None
    timing: bool = False
    history: str | None = None
    tls_ca: str | None = None
    tls_cert: str | None = None
    tls_key: str | None = None

    def place(self, key: str) -> str:
        """Return where a key stands, as ``FILE:LINE``, for what is wrong with its value."""
        from qmpshell.render import escape

        return f"{escape(self.path)}:{self.lines.get(key, 1)}"

    def find_address(
        self, text: str, *, exists: Callable[[str], bool] = os.path.lexists
    ) -> Address:
        """Read an address, or the name of a target.

        Parameters:
            text: what a person wrote. A target wins over a file of the same name.
            exists: says whether a path exists.

        Raises:
            AddressError: it is neither.
            NobodyListens: it is a name, but of no file, and it is much like a target's.
        """
        if text in self.targets:
            return self._completed(parse_address(self.targets[text], exists=exists))
        if self.targets and not any(mark in text for mark in _MORE_THAN_A_NAME):
            self._refuse_misspelt(text, exists)
        return self._completed(parse_address(text, exists=exists))

    def _completed(self, address: Address) -> Address:
        """Return an address with the certificates that stand in the file, where it has none."""
        if not isinstance(address, TLSAddress):
            return address
        if not address.ca and address.verify:
            address = address._replace(ca=self.tls_ca or "")
        if not address.cert:
            address = address._replace(cert=self.tls_cert or "", key=self.tls_key or "")
        return address

    def _refuse_misspelt(self, text: str, exists: Callable[[str], bool]) -> None:
        from qmpshell.language.spelling import nearest

        near = nearest(text, self.targets)
        if near is None or "\0" in text or exists(text):
            return
        from qmpshell.errors import NobodyListens
        from qmpshell.render import escape

        raise NobodyListens(f"{escape(text)}: no such file or target", f"nearest: {near}")
