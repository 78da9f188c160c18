"""The beginning of a conversation with QEMU, or a sentence that says why there is none."""

from __future__ import annotations

from qmpshell.address import Address, TCPAddress, TLSAddress, name_of
from qmpshell.client.client import Client
from qmpshell.errors import (
    CommandError,
    ConnectError,
    ConnectionLost,
    NoAnswer,
    NotQMP,
    ProtocolError,
    TimedOut,
)
from qmpshell.transport import RelayError


def negotiate_with(client: Client, address: Address, timeout: float | None) -> bool:
    """Await the greeting and negotiate, as far as that comes in time; say whether it is done.

    Parameters:
        client: the connection.
        address: what a complaint calls it.
        timeout: how long it may take, in seconds. Another call goes on from there.

    Raises:
        ConnectError: there is no QMP, or the server refuses.
    """
    where = name_of(address)
    try:
        client.negotiate(timeout=timeout)
    except TimedOut:
        return False
    except CommandError as error:
        raise ConnectError(f"{where}: the server refuses qmp_capabilities: {error}") from None
    except ProtocolError as error:
        raise NotQMP(f"{where}: {error}", who_says(str(error))) from None
    except ConnectionLost as error:
        when = "before it answered qmp_capabilities" if client.greeting else "before its greeting"
        raise end_of(error, address, when, "is QEMU ending?") from None
    return True


def end_of(error: ConnectionLost, address: Address, when: str, advice: str = "") -> ConnectError:
    """Return what to raise when the connection has ended before anything was agreed.

    Parameters:
        error: its end.
        address: what a complaint calls it.
        when: before what that was.
        advice: what to do, where nothing between us and the server says why.
    """
    where = name_of(address)
    if isinstance(relay := error.__cause__, RelayError):
        return relay.kind(f"{where}: {relay}", relay.advice)
    return ConnectError(f"{where}: {error}, {when}", advice)


def silence_of(client: Client, address: Address) -> ConnectError:
    """Return what to raise when a negotiation wasn't done in time."""
    where = name_of(address)
    if client.greeting:
        return NoAnswer(
            f"{where}: greeted, but no answer to qmp_capabilities in time",
            "a command of the client before is probably still running: try again later, or"
            " with a longer time limit",
            greeted=True,
        )
    if client.received_some:
        return NotQMP(f"{where}: the greeting began and didn't end in time", "is this QMP?")
    return NoAnswer(
        f"{where}: connected, but no greeting",
        "another client probably holds this monitor, which serves one at a time: end it, or"
        f" give QEMU a second -qmp; a guest agent takes --agent{_or_tls(address)}",
    )


def _or_tls(address: Address) -> str:
    # Who waits for TLS to begin says nothing. Bytes that may be for somebody else are no way to
    # find out.
    if not isinstance(address, TCPAddress):
        return ""
    return f"; if this monitor speaks TLS, it is {name_of(TLSAddress(*address))}"


#: What others say first, as our complaint shows it, and who they are.
_BANNERS = {
    "monitor - type": "this is a human monitor (HMP): connect to the one that -qmp made",
    "'HTTP/": "this is a web server",
    "'SSH-": "this is an SSH server",
    "'RFB ": "this is a VNC display: its monitor is elsewhere",
    r"'\xfb": "this monitor speaks telnet: leave out QEMU's telnet=on",
}


def who_says(text: str) -> str:
    """Return who says first what a complaint shows, where that is known."""
    return next((hint for banner, hint in _BANNERS.items() if banner in text), "")
