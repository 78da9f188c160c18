"""Whom we trust, and who we are: files of certificates → what ``ssl`` needs to shake hands."""

from __future__ import annotations

import os
import ssl
from typing import NoReturn

from qmpshell.address import TLSAddress, name_of
from qmpshell.errors import WrongAddress

_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"
_KEY = b"PRIVATE KEY-----"

#: More than any file of certificates has, in bytes: the system's own is a fifth of a megabyte.
_MOST_BYTES = 2**24


def make_context(address: TLSAddress) -> ssl.SSLContext:
    """Return what an address's files say, for ``ssl``.

    Parameters:
        address: names the files; ``~/`` in front is the home.

    Raises:
        WrongAddress: a file can't be read, or isn't what it should be.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not address.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif address.ca:
        _trust(context, address)
    else:
        context.load_default_certs()
    if address.cert:
        _introduce(context, address)
    return context


def _trust(context: ssl.SSLContext, address: TLSAddress) -> None:
    path = _checked(address, "ca", address.ca, _CERTIFICATE)
    try:
        context.load_verify_locations(path)
    except OSError as error:
        _refuse(address, "ca", address.ca, f"no certificate in PEM: {_reason(error)}")


def _introduce(context: ssl.SSLContext, address: TLSAddress) -> None:
    cert = _checked(address, "cert", address.cert, _CERTIFICATE)
    key = _checked(address, *_key_of(address), _KEY)

    def ask() -> NoReturn:
        _refuse(
            address,
            *_key_of(address),
            "the key is locked with a password: `openssl pkey -in FILE -out OTHER` writes it"
            " without, into a file that only you should be able to read",
        )

    try:
        context.load_cert_chain(cert, key, ask)
    except ssl.SSLError as error:
        if error.reason == "KEY_VALUES_MISMATCH":
            _refuse(address, *_key_of(address), f"this key doesn't belong to {address.cert}")
        _refuse(address, "cert", address.cert, f"no certificate with its key: {_reason(error)}")


def _key_of(address: TLSAddress) -> tuple[str, str]:
    return ("key", address.key) if address.key else ("cert", address.cert)


def _checked(address: TLSAddress, option: str, file: str, what: bytes) -> str:
    """Return a file's path, for ``ssl`` doesn't say which of its files it can't read."""
    path = os.path.expanduser(file)
    try:
        with open(path, "rb") as opened:
            found = what in opened.read(_MOST_BYTES)
    except OSError as error:
        _refuse(address, option, file, f"it can't be read: {error.strerror}")
    if not found:
        kind = "certificate" if what is _CERTIFICATE else "private key"
        also = "; key=FILE names the file of the key" if option == "cert" and what is _KEY else ""
        _refuse(address, option, file, f"there is no {kind} in it, in PEM{also}")
    return path


def _reason(error: OSError) -> str:
    return str(getattr(error, "reason", None) or error.strerror or error).lower().replace("_", " ")


def _refuse(address: TLSAddress, option: str, file: str, why: str) -> NoReturn:
    raise WrongAddress(f"{name_of(address)}: {option}={file}: {why}") from None
