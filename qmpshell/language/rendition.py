"""How a reply is written: in which form, and what of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qmpshell.language.options import Options
from qmpshell.named_tuple import NamedTuple

if TYPE_CHECKING:
    from qmpshell.language.selection import Selection


class Rendition(NamedTuple):
    """How replies are written, as far as a person has said so.

    Attributes:
        output: the form; ``None`` for the default.
        select: what of the reply; ``None`` for all of it.
    """

    output: str | None = None
    select: Selection | None = None

    def for_line(self, options: Options) -> Rendition:
        """Let what stands on a line win over what was said for all of them.

        A selection and the form ``raw`` exclude each other: the line's own wins there, too.

        Parameters:
            options: those of the line.
        """
        output, select = options.output or self.output, options.select or self.select
        if output == "raw" and select:
            return Rendition(None, select) if options.select else Rendition(output)
        return Rendition(output, select)

    def of(self, value: Any) -> Any:
        """Return what is to be written of a value.

        Raises:
            UsageError: what is to be selected doesn't suit it.
        """
        return self.select.apply(value) if self.select else value
