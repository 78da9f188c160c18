"""``python -m qmpshell.simulator SOCKET-PATH``: a simulated machine until SIGTERM or quit."""

from __future__ import annotations

import signal
import sys

from qmpshell.simulator.server import Server

_ENDING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def main(arguments: list[str]) -> int:
    """Serve one socket; return the exit status.

    Parameters:
        arguments: of the command line, without the program's name.
    """
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print("usage: python -m qmpshell.simulator SOCKET-PATH", file=sys.stderr)
        return 2
    # Held back until there is somebody to tell, so that no socket is left behind.
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        server = Server(arguments[0])
    except OSError as error:
        reason = error.strerror or str(error)
        print(f"qmpshell.simulator: {arguments[0]}: {reason}", file=sys.stderr)
        return 1
    for number in _ENDING:
        signal.signal(number, lambda _number, _frame: server.terminate())
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    server.serve()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
