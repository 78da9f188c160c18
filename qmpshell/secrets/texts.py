"""Secrets in texts such as URLs and option strings."""

from __future__ import annotations

import re

from qmpshell.secrets.table import HIDDEN, is_secret_name, mentions_secret

#: ``https://user:password@host``, and iSCSI's ``user%password``. What has an ``@`` further
#: on is hidden as well, as a password might hold one.
_URL = re.compile(r"\S+")
_USER = re.compile(r"//[^\s/@:%]*[:%]")

#: ``user:password@host``, where a scheme was forgotten or half written.
_BEFORE_HOST = re.compile(
    r"^(?P<kept>(?:\w+\W{1,4})?[\w.+-]+:)(?P<secret>[^\s@/:,=]+)(?=@)", re.ASCII
)

#: ``:key=value`` in the name of an RBD image.
_RBD_KEY = re.compile(r"(?P<kept>:key=)(?P<secret>[^:\s,]+)")

#: A file's name in JSON, quoted as somebody's language wants it.
_JSON_NAME = re.compile(r"(?P<kept>json:)(?P<secret>\W*\{.*)", re.DOTALL)

#: ``name=`` in an option string, or ``name: `` and the like as a person writes it.
_NAME = re.compile(r"(?<![\w.-])(?P<name>[\w.-]+)\s*[=:]\s*", re.ASCII)

#: What stands behind it; a comma is the value's own, unless another name follows.
_VALUE = re.compile(r""""[^"]*"?|'[^']*'?|(?:[^\s,]|,,|,(?![\w.-]+=))+""")

#: ``--password value`` in a program's arguments.
_FLAG = re.compile(r"(?<![\w-])(?P<kept>--?(?P<name>[\w-]+)\s+)(?P<secret>(?!-)\S+)", re.ASCII)


def hide_in_text(text: str, secrets: list[str]) -> str:
    """Hide what looks like a secret in a text.

    Parameters:
        text: any text.
        secrets: what was hidden is added to it.
    """
    if "//" in text and "@" in text:
        text = _URL.sub(lambda found: _hide_in_url(found[0], secrets), text)
    if "@" in text:
        text = _BEFORE_HOST.sub(lambda found: _hidden(found, secrets), text)
    if "json:" in text:
        text = _JSON_NAME.sub(lambda found: _hidden_if_mentioned(found, secrets), text)
    if "=" in text:
        text = _RBD_KEY.sub(lambda found: _hidden(found, secrets), text)
    if "=" in text or ":" in text:
        text = _hide_named(text, secrets)
    if "-" in text and " " in text:
        text = _FLAG.sub(lambda found: _hidden_if_named(found, secrets), text)
    return text


def _hide_in_url(url: str, secrets: list[str]) -> str:
    user, end = _USER.search(url), url.rfind("@")
    if user is None or user.end() >= end:
        return url
    secrets.append(url[user.end() : end])
    return url[: user.end()] + HIDDEN + url[end:]


def _hidden(found: re.Match[str], secrets: list[str]) -> str:
    secrets.append(found["secret"])
    return found["kept"] + HIDDEN


def _hidden_if_mentioned(found: re.Match[str], secrets: list[str]) -> str:
    return _hidden(found, secrets) if mentions_secret(found["secret"]) else found[0]


def _hidden_if_named(found: re.Match[str], secrets: list[str]) -> str:
    return _hidden(found, secrets) if _is_secret(found["name"]) else found[0]


def _hide_named(text: str, secrets: list[str]) -> str:
    result, position = "", 0
    for found in _NAME.finditer(text):
        if found.start() < position or not _is_secret(found["name"]):
            continue
        if value := _VALUE.match(text, found.end()):
            result += text[position : found.end()] + HIDDEN
            secrets.append(value[0])
            position = value.end()
    return result + text[position:]


def _is_secret(name: str) -> bool:
    """Of the objects that option strings describe, only secrets have ``data``."""
    name = name.rpartition(".")[2]
    return name == "data" or is_secret_name(name)
