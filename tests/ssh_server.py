"""A real SSH server for tests, with keys and a configuration of its own, and a client for it."""

import getpass
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Self

import pytest

from tests.real_qemu import free_port

_SERVER_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host-key
AuthorizedKeysFile {folder}/key.pub {folder}/locked-key.pub
StrictModes no
UsePAM no
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin yes
"""

_CLIENT_CONFIG = """\
Host *
  UserKnownHostsFile {folder}/known-hosts
  GlobalKnownHostsFile /dev/null
  IdentitiesOnly yes
  IdentityAgent none
Host locked
  HostName 127.0.0.1
  HostKeyAlias locked
  IdentityFile {folder}/locked-key
Host * !locked
  IdentityFile {folder}/key
"""

PASSPHRASE = "a passphrase"


class SSHServer:
    """An SSH server on this host, which lets in who runs the tests, by a key.

    ``bin`` is a folder for ``PATH`` with an ``ssh`` that is OpenSSH's own, told to take our
    configuration for a person's: it looks for that in a home that no variable changes.
    """

    def __init__(self, folder: Path) -> None:
        server = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
        client = shutil.which("ssh")
        if server is None or client is None:
            pytest.skip("OpenSSH's server or client is not installed")
        if os.geteuid() == 0:
            # Where it goes when it is root; a service's script would make it.
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
        self.folder = folder
        self.port = free_port()
        self.bin = folder / "bin"
        for name, passphrase in (("host-key", ""), ("key", ""), ("locked-key", PASSPHRASE)):
            _generate_key(folder / name, passphrase)
        (folder / "server-config").write_text(_SERVER_CONFIG.format(port=self.port, folder=folder))
        (folder / "client-config").write_text(_CLIENT_CONFIG.format(folder=folder))
        self.set_known_names(f"[127.0.0.1]:{self.port}")
        self.bin.mkdir()
        (self.bin / "ssh").write_text(f'#!/bin/sh\nexec {client} -F {folder}/client-config "$@"\n')
        (self.bin / "ssh").chmod(0o755)
        self._process = subprocess.Popen([server, "-D", "-f", folder / "server-config"])
        while not _listens(self.port):
            assert self._process.poll() is None, "the SSH server has ended"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()

    def set_known_names(self, *names: str) -> None:
        """Let the client know the server by these names alone."""
        key = (self.folder / "host-key.pub").read_text()
        (self.folder / "known-hosts").write_text("".join(f"{name} {key}" for name in names))

    def address(self, far: str, host: str = "127.0.0.1") -> str:
        """Return the address of a socket that is reached through this server."""
        return f"ssh://{getpass.getuser()}@{host}:{self.port}{far}"


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _generate_key(path: Path, passphrase: str) -> None:
    # A passphrase is quickly tried.
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-a", "1", "-N", passphrase, "-f", path]
    subprocess.run(command, check=True)
