"""Secrets in texts such as URLs and option strings."""

from __future__ import annotations

import re

from qmpshell.secrets.table import HIDDEN, is_secret_name

#: ``https://user:password@host``, and iSCSI's ``user%password``. What has an ``@`` further
#: on is hidden as well, as a password might hold one.
_IN_URL = re.compile(r"(?P<kept>\w+://[^\s/@:%]*[:%])(?P<secret>\S+)(?=@)")

#: ``:key=value`` in the name of an RBD image.
_RBD_KEY = re.compile(r"(?P<kept>:key=)(?P<secret>[^:\s,]+)")

#: ``name=value`` in an option string, where ``,,`` is a comma of the value's own.
_PAIR = re.compile(
    r"""(?P<kept>(?P<name>[\w.-]+)=)(?P<secret>"[^"]*"?|'[^']*'?|(?:[^\s,]|,,)+)""", re.ASCII
)

#: ``--password value`` in a program's arguments.
_FLAG = re.compile(r"(?P<kept>--?(?P<name>[\w-]+)\s+)(?P<secret>(?!-)\S+)", re.ASCII)


def hide_in_text(text: str, secrets: list[str]) -> str:
    """Hide what looks like a secret in a text.

    Parameters:
        text: any text.
        secrets: what was hidden is added to it.
    """
    if "://" in text:
        text = _IN_URL.sub(lambda found: _hidden(found, secrets), text)
    if "=" in text:
        text = _RBD_KEY.sub(lambda found: _hidden(found, secrets), text)
        text = _PAIR.sub(lambda found: _hidden_if_named(found, secrets), text)
    if "-" in text and " " in text:
        text = _FLAG.sub(lambda found: _hidden_if_named(found, secrets), text)
    return text


def _hidden(found: re.Match[str], secrets: list[str]) -> str:
    secrets.append(found["secret"])
    return found["kept"] + HIDDEN


def _hidden_if_named(found: re.Match[str], secrets: list[str]) -> str:
    name = found["name"].rpartition(".")[2]
    return _hidden(found, secrets) if is_secret_name(name) else found[0]
