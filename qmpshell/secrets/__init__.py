"""What must not be kept: passwords and keys in commands, and what stands there instead.

Everything here is computed from a request or a text alone, without a schema, and errs on
the side of hiding. ``table`` says which commands and names hold secrets; ``words`` which
words of a command do; ``values`` hides them in JSON and in texts, ``hmp`` in a line of the
human monitor; ``messages`` in the messages of a conversation.
"""

from qmpshell.secrets.hmp import hide_in_hmp
from qmpshell.secrets.messages import (
    HiddenRequest,
    hide_in_reply,
    hide_in_request,
    hiding_traffic,
)
from qmpshell.secrets.table import HIDDEN, mentions_secret, program_mentions_secret

__all__ = [
    "HIDDEN",
    "HiddenRequest",
    "hide_in_hmp",
    "hide_in_reply",
    "hide_in_request",
    "hiding_traffic",
    "mentions_secret",
    "program_mentions_secret",
]
