"""Which commands take or return secrets, and in which arguments: the one table of them.

Names are compared without regard to case, and ``-`` and ``_`` are one. A name that is
nearly one of the table's is taken for a slip: what stands behind it is as secret.
"""

from __future__ import annotations

import functools
import re

from qmpshell.named_tuple import NamedTuple

#: What stands where a secret was.
HIDDEN = "***"


class Rule(NamedTuple):
    """What is secret about a command.

    Attributes:
        kept: the arguments that hold no secret, where all others are hidden; ``None``
            where only ``hidden`` ones are.
        words: values that are kept whatever they are given to. By position, all else might
            be the secret.
        paths: whether a word that begins with a slash is kept as well.
        hidden: arguments, at any depth, that are hidden in any case.
        when: the rule but for ``hidden`` is in force only if this is found in one of the
            values.
        is_hmp: whether its texts are lines of the human monitor.
        returns_secret: whether what it returns is the secret, when it is in force.
    """

    kept: frozenset[str] | None = None
    words: frozenset[str] = frozenset()
    paths: bool = False
    hidden: frozenset[str] = frozenset()
    when: str = ""
    is_hmp: bool = False
    returns_secret: bool = False

    def in_force(self, values: str) -> bool:
        """Say whether the rule holds for a command with these values."""
        return re.search(self.when, values, re.IGNORECASE) is not None

    def keeps(self, word: str) -> bool:
        """Say whether a word that is given by position is certainly no secret."""
        return word.lower() in self.words or (self.paths and word.startswith("/"))


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


_PROPERTY = r"\b(?:data|key)\b|pass|secret|cookie|token|pwd"

#: By the name of the command, in QMP, HMP or the guest agent, with ``_`` for ``-``.
RULES = {
    "set_password": Rule(kept=_names("display"), words=_names("vnc spice keep fail disconnect")),
    "change_vnc_password": Rule(kept=frozenset()),
    # Not a secret in it, whatever its name.
    "expire_password": Rule(),
    # QMP's until 6.0, and HMP's still.
    "change": Rule(
        kept=_names("device target"), words=_names("vnc password passwd -f"), when=r"\bvnc\b"
    ),
    "block_passwd": Rule(kept=_names("device node_name")),
    "object_add": Rule(
        kept=_names("qom_type id format keyid iv file serial loaded"),
        words=_names("secret secret_keyring"),
        hidden=_names("data"),
        when=r"sec|cret|keyr|\bdata\b",
    ),
    "qom_set": Rule(
        kept=_names("path property"), words=_names("data -j"), paths=True, when=_PROPERTY
    ),
    "qom_get": Rule(when=_PROPERTY, returns_secret=True),
    "qom_list_get": Rule(when=r"objects", returns_secret=True),
    "sev_inject_launch_secret": Rule(kept=_names("packet_header gpa")),
    "guest_set_user_password": Rule(kept=_names("username crypted")),
    "guest_exec": Rule(hidden=_names("input_data")),
    "guest_file_write": Rule(hidden=_names("buf_b64")),
    "guest_file_read": Rule(returns_secret=True),
    "human_monitor_command": Rule(is_hmp=True),
}

#: In an argument's name: what QEMU, its guest agent and most others call a secret.
_SECRET_NAME = re.compile(
    r"pas+w|pss+w|pas+phrase|^pass$|pwd|cookie|token|^(?:secret|private_key|api_key|credentials?)$"
)
#: ``password-secret`` and the like hold the id of an object, and l2tpv3's ``cookie64`` a switch.
_NO_SECRET_NAME = re.compile(r".*_(?:secret|id)|passwordid|cookie64")

#: In a text that nobody can read, whoever wrote what for it.
_MENTION = re.compile(r"pas|psw|pwd|sec|cret|cookie|token|cred|private|key|data|auth|[:%]\S*@")

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_WORD = re.compile(r"[A-Za-z][\w-]{5,40}")


def normal(name: str) -> str:
    """Return a name in the form in which names are compared."""
    return name.lower().strip("-").replace("-", "_")


def is_secret_name(name: str) -> bool:
    """Say whether an argument of this name holds a secret, whatever the command."""
    name = normal(name)
    return bool(_SECRET_NAME.search(name)) and not _NO_SECRET_NAME.fullmatch(name)


@functools.lru_cache(maxsize=1000)
def find_rule(command: str) -> Rule | None:
    """Return what is secret about a command, also when its name is slightly wrong."""
    name = normal(command)
    if name in RULES:
        return RULES[name]
    if not _WORD.fullmatch(name):
        return None
    import difflib  # slow to import, and a one-shot command keeps nothing

    # Nearer than object_del is to object_add.
    near = difflib.get_close_matches(name, RULES, n=1, cutoff=0.82)
    return RULES[near[0]] if near else None


def mentions_secret(text: str) -> bool:
    """Say whether a text that can't be read might hold a secret."""
    text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    return bool(_MENTION.search(text.lower())) or any(map(find_rule, _WORD.findall(text)))
