"""Names of things that a machine has now, for completion: asked, remembered, forgotten.

``table`` says for each argument which ``source`` knows its names, ``live`` asks the machine,
and ``twin`` is a second QEMU for what could end the machine; ``harmless`` says what couldn't.
"""

from qmpshell.client.names.live import LiveNames
from qmpshell.client.names.source import Names, Source
from qmpshell.client.names.table import find_sources

__all__ = ["LiveNames", "Names", "Source", "find_sources"]
