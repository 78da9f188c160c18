"""The one table of the configuration file's keys."""

from __future__ import annotations

from typing import Any

from qmpshell.configuration.configuration import Configuration
from qmpshell.configuration.values import (
    BOOLEAN,
    COMMAND,
    NAMES,
    PATH,
    STYLE,
    TARGETS,
    Type,
    one_of,
)
from qmpshell.language.options import OUTPUT_FORMS
from qmpshell.named_tuple import NamedTuple


class Key(NamedTuple):
    """A key of the configuration file.

    Attributes:
        name: its name, with that of its table in front: ``colors.dark``.
        field: the attribute of :class:`Configuration` that has its value.
        type: the type of its values.
        meaning: what it is for, in a few words.
        unset: what holds where no value says otherwise, if no value could say that.
    """

    name: str
    field: str
    type: Type
    meaning: str
    unset: str = ""

    @property
    def default(self) -> Any:
        """The value where the file has none; ``None`` for what ``unset`` says."""
        return Configuration._field_defaults[self.field]


_STYLE = "of Pygments, on a {} background; terminal: the terminal's own sixteen colours"

KEYS = (
    Key(
        "targets",
        "targets",
        TARGETS,
        "names that can be written in their place, as in `qmp-shell NAME`",
    ),
    Key("editing-mode", "editing_mode", one_of("emacs", "vi"), "whose keys edit a line"),
    Key("output", "output", one_of(*OUTPUT_FORMS), "how the prompt writes replies"),
    Key(
        "color",
        "color",
        one_of("auto", "always", "never"),
        "when colours are used; auto: on a terminal",
    ),
    Key(
        "colors.background",
        "background",
        one_of("auto", "dark", "light"),
        "what the terminal's background is; auto: as $COLORFGBG says, or else dark",
    ),
    Key("colors.dark", "dark", STYLE, _STYLE.format("dark")),
    Key("colors.light", "light", STYLE, _STYLE.format("light")),
    Key("events.only", "only", NAMES, "the events that the prompt shows", "all"),
    Key("events.except", "except_", NAMES, "the events that the prompt doesn't show"),
    Key("guard.ask", "ask", NAMES, "commands, also of HMP, that the prompt asks about as well"),
    Key("guard.dont-ask", "dont_ask", NAMES, "commands that it doesn't ask about"),
    Key(
        "pager",
        "pager",
        COMMAND,
        'what shows text that is longer than the screen; "" for nothing',
        "$PAGER, or less",
    ),
    Key("timing", "timing", BOOLEAN, "whether the prompt says how long a reply took"),
    Key(
        "history",
        "history",
        PATH,
        'the file that keeps what was typed; "" for none',
        "~/.local/state/qmpshell/history",
    ),
    Key(
        "tls.ca",
        "tls_ca",
        PATH,
        "who may sign the certificates of servers, where a tls: address has no ca=",
        "the system's CAs",
    ),
    Key(
        "tls.cert",
        "tls_cert",
        PATH,
        "the certificate that is shown to servers, where a tls: address has no cert=",
        "none",
    ),
    Key("tls.key", "tls_key", PATH, "the private key of tls.cert", "in the same file"),
)
