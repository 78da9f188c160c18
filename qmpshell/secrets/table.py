"""Which commands take or return secrets, and in which arguments: the one table of them.

Names are compared without regard to case, and ``-`` and ``_`` are one. A name that is
nearly one of the table's is taken for a slip: what stands behind it is as secret.
"""

from __future__ import annotations

import functools
import re
from typing import Any

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
        # What comes from a history, without its secret, is as it was.
        return HIDDEN in values or re.search(self.when, values, re.IGNORECASE) is not None

    def hides(self, values: str) -> bool:
        """Say whether all is hidden that isn't known to be none, in a command with these values."""
        return self.kept is not None and self.in_force(values)

    def keeps(self, word: str) -> bool:
        """Say whether a word that is given by position is certainly no secret."""
        return word.lower() in self.words or (self.paths and word.startswith("/"))


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


#: What nobody who runs a program says without a secret, or hardly.
_IN_PROGRAM = (
    r"pas|psw|pwd|ssw|swor|secret|cookie|token|cred|authori[sz]ation|bearer|[:%]\S{0,100}@"
    r"|(?:api|private|master|access)[-_ ]?key|\bnet1?(?:\.exe)?\W+(?:arg\W+)?user\b"
    r"|\b(?:mysql|mariadb)\w*\b.{0,200}\W-p|\W(?:-u|--user)\W*[^\s:]{1,100}:"
)

#: The names of properties that hold secrets; also slightly wrong ones of user's objects.
_PROPERTY = r"\b(?:data|key)\b|pass|secret|cookie|token|pwd"
_SLIP = (
    r"""/objects/.{0,200}[\s="'](?:d\S?ta|da\S?a|dat\S?|\S?ata|d\Sata|da\Sta|dat\Sa|data\w|\wdata"""
    r"""|adta|dtaa|daat)(?:["']?\s|$)"""
)

#: There, what stands alone behind the path may be the value.
_LONE = r"/objects/\S+ (?:property=)?[^\s=]+$"

#: The type ``secret``, also a slightly wrong one, and its property.
_OBJECT_TYPE = r"secr|cret|sece|serc|seret|scre?t|screet|keyr|(?<![\w/=])data\b"

#: The device ``vnc``, and no folder of that name.
_VNC = r"""(?:^|[\s="'])vnc\b(?!/)"""

#: A key by which a person types a character, alone or with shift: a text's part, perhaps a
#: password's. No combination is.
_TYPED = (
    r"""^keys=\[(?:\{[^{}]*"shift(?:_r)?"\}, )?\{[^{}]*"data": """
    r""""(?:[a-z0-9]|minus|equal|comma|dot|slash|semicolon|apostrophe|grave_accent|backslash"""
    r"""|bracket_left|bracket_right|spc)"\}\]"""
)

#: By the name of the command, in QMP, HMP or the guest agent, with ``_`` for ``-``.
RULES = {
    "set_password": Rule(kept=_names("display"), words=_names("vnc spice keep fail disconnect")),
    "change_vnc_password": Rule(kept=frozenset()),
    # Not a secret in it, whatever its name.
    "expire_password": Rule(),
    # QMP's until 6.0, and HMP's still.
    "change": Rule(kept=_names("device"), words=_names("vnc password passwd -f"), when=_VNC),
    "block_passwd": Rule(kept=_names("device node_name")),
    "object_add": Rule(
        kept=_names("qom_type id format keyid iv file serial loaded"),
        words=_names("secret secret_keyring"),
        hidden=_names("data"),
        when=_OBJECT_TYPE,
    ),
    "qom_set": Rule(
        kept=_names("path"),
        words=_names("data key password passphrase secret token -j"),
        paths=True,
        when=f"{_PROPERTY}|{_SLIP}|{_LONE}",
    ),
    "qom_get": Rule(when=_PROPERTY, returns_secret=True),
    "qom_list_get": Rule(when=r"objects", returns_secret=True),
    "sev_inject_launch_secret": Rule(kept=_names("packet_header gpa")),
    "guest_set_user_password": Rule(kept=_names("username crypted")),
    "guest_exec": Rule(
        kept=_names("path capture_output"),
        paths=True,
        hidden=_names("input_data"),
        when=_IN_PROGRAM + r"|(?<![/\w])input",
    ),
    "guest_file_write": Rule(kept=_names("handle count")),
    "guest_file_read": Rule(returns_secret=True),
    "send_key": Rule(kept=_names("hold_time"), when=_TYPED),
    "human_monitor_command": Rule(is_hmp=True),
}

#: For names that are commands' themselves, of which no others are known.
ALL_SECRET = Rule(kept=frozenset())

#: In an argument's name: what QEMU, its guest agent and most others call a secret, and what
#: goes into a guest's programs and files and comes from them.
_SECRET_NAME = re.compile(
    r"pas+w|pss+w|pas+phrase|passcode|(?<!by)pass$|pwd|cookie|token|authorization"
    r"|^(?:pw|psk|secret|secret_data|credentials?)$"
    r"|^(?:.*_)?(?:api|private|master|secret|access|encryption)_key$"
    r"|^(?:input_data|out_data|err_data|buf_b64)$"
)
#: ``password-secret`` and the like hold the id of an object, and l2tpv3's ``cookie64`` a switch.
_NO_SECRET_NAME = re.compile(r".*_(?:secret|id)|passwordid|cookie64")

#: Of which a name may be a slip.
_NEARLY = frozenset({"password", "passphrase", "passwd", "cookie", "input_data", "buf_b64"})

#: How long a name is that may be one, in characters.
_LEAST, _MOST = 3, 20

#: In a text that nobody can read, whoever wrote what for it.
_MENTION = re.compile(
    r"pas|psw|pwd|sec|cret|cookie|token|cred|private|key|data|auth|[:%]\S{0,100}@"
)

_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_WORD = re.compile(r"[A-Za-z][\w-]{5,40}")

#: What is longer is no name, in characters.
_LONGEST = 80

#: What is in no name: quotes, brackets, a slash or colon of whom the habit misled.
_NO_NAME = re.compile(r"[^\w\s-]+")


def normal(name: str) -> str:
    """Return a name in the form in which names are compared."""
    return name.lower().strip("-").replace("-", "_")


def bare(word: str) -> str:
    """Return a word without what is in no name, such as quotes."""
    return _NO_NAME.sub("", word).strip()


def is_secret_name(name: str) -> bool:
    """Say whether an argument of this name holds a secret, whatever the command."""
    # A longer one isn't worth keeping: a server may have chosen it.
    return _has_secret(name) if len(name) <= _LONGEST else _has_secret.__wrapped__(name)


@functools.lru_cache(maxsize=4000)
def _has_secret(name: str) -> bool:
    name = normal(name)
    if _NO_SECRET_NAME.fullmatch(name):
        return False
    return bool(_SECRET_NAME.search(name)) or is_nearly(name, _NEARLY)


def is_nearly(name: str, names: frozenset[str]) -> bool:
    """Say whether a name, or its last part, is one of these but for a slip."""
    if not names or name in names:
        return name in names
    last = name.rpartition("_")[2]
    return any(
        _LEAST <= len(part) <= _MOST and _nearest(part, names, 0.83) for part in {name, last}
    )


def is_key(name: str, value: Any) -> bool:
    """Say whether a member is a key to a disk, rather than one of a keyboard."""
    return name == "key" and isinstance(value, str) and not value.startswith(("{", "["))


def find_rule(command: str) -> Rule | None:
    """Return what is secret about a command, also when its name is slightly wrong."""
    if len(command) > _LONGEST:
        return None
    name = normal(bare(command))
    if name in RULES:
        return RULES[name]
    if not _WORD.fullmatch(name):
        return None
    # Nearer than object_del is to object_add.
    near = _nearest(name, frozenset(RULES), 0.82)
    return RULES[near[0]] if near else None


@functools.lru_cache(maxsize=1000)
def _nearest(name: str, names: frozenset[str], cutoff: float) -> list[str]:
    import difflib  # slow to import, and a one-shot command keeps nothing

    return difflib.get_close_matches(name, names, n=1, cutoff=cutoff)


def mentions_secret(text: str) -> bool:
    """Say whether a text that can't be read might hold a secret."""
    text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    return bool(_MENTION.search(text.lower())) or any(map(find_rule, _WORD.findall(text)))


def program_mentions_secret(text: str) -> bool:
    """Say whether a program's command line might hold a secret."""
    if re.search(_IN_PROGRAM, text, re.IGNORECASE):
        return True
    rules = filter(None, map(find_rule, _WORD.findall(text)))
    return any(rule.hides(text) for rule in rules)
