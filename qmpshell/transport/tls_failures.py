"""What went wrong between two who would speak TLS, in a line for a person. Pure."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from qmpshell.address import TLSAddress, name_of
from qmpshell.errors import ConnectError, NoAnswer, NotQMP, NotTrusted, WrongAddress
from qmpshell.render import escape
from qmpshell.transport import RelayError

# What OpenSSL finds wrong with a certificate: X509_V_ERR_... in its x509_vfy.h.
_NOT_YET_VALID, _EXPIRED, _ITS_OWN_SIGNER = 9, 10, 18
_UNKNOWN_SIGNER = (2, 19, 20, 21)
_WRONG_NAME = (62, 64)

#: What OpenSSL makes of bytes that are no TLS, from version to version.
_NO_TLS = (
    "WRONG_VERSION_NUMBER",
    "HTTP_REQUEST",
    "UNKNOWN_PROTOCOL",
    "PACKET_LENGTH_TOO_LONG",
    "RECORD_LAYER_FAILURE",
)

#: What servers complain of when it is about our certificate.
_ABOUT_OURS = ("CERTIFICATE", "UNKNOWN_CA", "ACCESS_DENIED")


def explain_failure(error: OSError | ValueError, address: TLSAddress) -> ConnectError:
    """Say why hands couldn't be shaken.

    Parameters:
        error: what ``ssl`` or the system says.
        address: where that was.
    """
    name = name_of(address)
    if isinstance(error, ssl.SSLCertVerificationError):
        return _explain_mistrust(error, address)
    if isinstance(error, ssl.SSLError) and error.reason:
        return _explain_fault(error.reason, address)
    if isinstance(error, ssl.SSLError | ConnectionError):
        return ConnectError(
            f"{name}: the server left during the TLS handshake",
            "what it complains of is in its own log; QEMU's has to be a tls-creds-x509",
        )
    if isinstance(error, OSError):
        return ConnectError(f"{name}: {error.strerror or error}")
    return WrongAddress(f"{name}: the host's name is none for TLS", "hostname=NAME gives another")


def _explain_mistrust(error: ssl.SSLCertVerificationError, address: TLSAddress) -> NotTrusted:
    name = name_of(address)
    match error.verify_code:
        case code if code in _WRONG_NAME:
            return explain_wrong_name(address, [])
        case code if code in _UNKNOWN_SIGNER:
            return NotTrusted(
                f"{name}: nobody who is trusted has signed the server's certificate",
                f"{address.ca} isn't the CA's, or not of this server's CA"
                if address.ca
                else "ca=FILE names the certificate of the CA that has, as in"
                f" {name}?ca=ca-cert.pem",
            )
        case code if code == _ITS_OWN_SIGNER:
            return NotTrusted(
                f"{name}: the server's certificate is signed by itself alone",
                "ca=FILE with that very certificate trusts it",
            )
        case code if code == _EXPIRED:
            return NotTrusted(
                f"{name}: a certificate has expired, the server's or its CA's",
                "they have to be renewed there; is the clock right here?",
            )
        case code if code == _NOT_YET_VALID:
            return NotTrusted(
                f"{name}: the server's certificate isn't valid yet",
                "is the clock right, here and where it was made?",
            )
    why = escape(error.verify_message)
    return NotTrusted(f"{name}: the server's certificate isn't accepted: {why}")


def _explain_fault(reason: str, address: TLSAddress) -> ConnectError:
    name = name_of(address)
    if reason in _NO_TLS:
        advice = f"perhaps it is a plain monitor: {address.place}"
        return NotQMP(f"{name}: this server doesn't speak TLS", advice)
    if _is_about_ours(reason):
        refused = why_left(address)
        return NotTrusted(f"{name}: {refused}", refused.advice)
    said = reason.lower().replace("_", " ")
    return ConnectError(
        f"{name}: no TLS that both sides can speak: {said}",
        "QEMU needs a tls-creds-x509: tls-creds-psk and tls-creds-anon have no certificates",
    )


def is_refusal(error: BaseException | None) -> bool:
    """Say whether a server that hasn't said a word may have left because of our certificate.

    Parameters:
        error: how it left: what ``ssl`` or the system says.
    """
    if isinstance(error, ssl.SSLError):
        return _is_about_ours(error.reason or "")
    return isinstance(error, ConnectionResetError)


def _is_about_ours(reason: str) -> bool:
    return "ALERT" in reason and any(word in reason for word in _ABOUT_OURS)


def is_wrong_name(error: BaseException | None) -> bool:
    """Say whether a certificate was refused for the name in it alone."""
    return isinstance(error, ssl.SSLCertVerificationError) and error.verify_code in _WRONG_NAME


def explain_wrong_name(address: TLSAddress, names: list[str]) -> NotTrusted:
    """Say that a certificate is another host's.

    Parameters:
        address: where it was shown.
        names: those in the certificate, as far as they are known.
    """
    wanted = address.hostname or address.host
    near = get_close_matches(wanted, names, 1, 0.0)
    return NotTrusted(
        f"{name_of(address)}: the server's certificate is not for {wanted}",
        f"it is for {escape(', '.join(names))}; nearest: hostname={escape(near[0])}"
        if near
        else "hostname=NAME gives the name that it has",
    )


def names_in(certificate: Mapping[str, Any]) -> list[str]:
    """Return the names that a certificate is for.

    Parameters:
        certificate: as ``ssl`` has it: ``SSLSocket.getpeercert()``.
    """
    alternatives = [
        text
        for kind, text in certificate.get("subjectAltName", ())
        if kind in ("DNS", "IP Address")
    ]
    subject = [pair for part in certificate.get("subject", ()) for pair in part]
    return alternatives or [text for kind, text in subject if kind == "commonName"]


def explain_silence(address: TLSAddress, seconds: float) -> NoAnswer:
    """Say that a server doesn't shake hands.

    Parameters:
        address: where.
        seconds: how long that was waited for.
    """
    return NoAnswer(
        f"{name_of(address)}: connected, but no TLS handshake in {seconds:g} s",
        "another client probably holds this monitor, which serves one at a time: end it, or"
        " give QEMU a second -qmp",
    )


def why_left(address: TLSAddress) -> RelayError:
    """Say why a server has left that had shaken hands, and not said a word."""
    if address.cert:
        return RelayError(
            f"the server left when it had seen our certificate, {address.cert}",
            "has a CA of its ca-cert.pem signed it, for clients, and is it still valid?",
            NotTrusted,
        )
    return RelayError(
        "the server left after the TLS handshake",
        "it probably wants a client's certificate: cert=FILE and key=FILE",
        NotTrusted,
    )
