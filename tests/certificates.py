"""Certificates for tests, made as administrators make them: with ``openssl``."""

import shutil
import subprocess
from pathlib import Path


class Authority:
    """A CA with its files in a folder: ``NAME.pem`` and ``NAME-key.pem``."""

    def __init__(self, folder: Path, name: str = "ca") -> None:
        self._folder = folder
        self._name = name
        self._openssl(*_NEW_KEY, "-x509", *self._files(name), "-subj", f"/CN={name}", "-days", "2")
        (folder / f"{name}.cnf").write_text(_SETTINGS.format(name=name))
        (folder / f"{name}-index").touch()

    @property
    def cert(self) -> Path:
        return self._folder / f"{self._name}.pem"

    def sign(
        self, name: str, *names: str, usage: str = "clientAuth", expired: bool = False
    ) -> Path:
        """Make ``NAME.pem`` and ``NAME-key.pem`` for a server with these names, or for a client."""
        extensions = self._folder / f"{name}.ext"
        alternatives = f"subjectAltName={','.join(names)}\n" if names else ""
        extensions.write_text(
            f"extendedKeyUsage={usage}\nkeyUsage=digitalSignature\n{alternatives}"
        )
        request = self._folder / f"{name}.csr"
        self._openssl(*_NEW_KEY, "-subj", f"/CN={name}", *self._files(name, request.name))
        # Not every version of `openssl x509` can make what has expired.
        self._openssl(
            *("ca", "-batch", "-config", f"{self._name}.cnf", "-notext"),
            *("-cert", self.cert.name, "-keyfile", f"{self._name}-key.pem"),
            *("-in", request.name, "-out", f"{name}.pem", "-extfile", extensions.name),
            *(_LONG_AGO if expired else ("-days", "2")),
        )
        return self._folder / f"{name}.pem"

    def credentials(self, name: str) -> Path:
        """Return a folder for QEMU's ``tls-creds-x509`` with a server's certificate in it."""
        folder = self._folder / f"{name}-credentials"
        folder.mkdir()
        shutil.copy(self.cert, folder / "ca-cert.pem")
        shutil.copy(self._folder / f"{name}.pem", folder / "server-cert.pem")
        shutil.copy(self._folder / f"{name}-key.pem", folder / "server-key.pem")
        return folder

    def _files(self, name: str, out: str = "") -> tuple[str, ...]:
        return "-nodes", "-keyout", f"{name}-key.pem", "-out", out or f"{name}.pem"

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=self._folder)


#: What `openssl ca` wants to have in a file.
_SETTINGS = """\
[ca]
default_ca = tests
[tests]
database = {name}-index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = names
[names]
commonName = supplied
"""
_LONG_AGO = ("-startdate", "20200101000000Z", "-enddate", "20200102000000Z")
_NEW_KEY = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256")


class Certificates:
    """All that the tests need: who is trusted, who isn't, and what is wrong with some."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ours, theirs = Authority(folder), Authority(folder, "stranger-ca")
        self.ca, self.stranger_ca = ours.cert, theirs.cert
        names = ("DNS:web1.example", "DNS:localhost", "IP:127.0.0.1")
        ours.sign("server", *names, usage="serverAuth")
        ours.sign("old-server", *names, usage="serverAuth", expired=True)
        self.server = ours.credentials("server")
        self.old_server = ours.credentials("old-server")
        self.client = ours.sign("client")
        self.stranger = theirs.sign("stranger")
        (folder / "both.pem").write_bytes(
            self.client.read_bytes() + (folder / "client-key.pem").read_bytes()
        )
        self.both = folder / "both.pem"
        self.broken = folder / "broken.pem"
        self.broken.write_text(
            "-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n"
        )
        self.locked = folder / "locked.pem"
        lock = ("openssl", "pkey", "-aes128", "-passout", "pass:secret")
        files = ("-in", f"{folder}/client-key.pem", "-out", f"{self.locked}")
        subprocess.run([*lock, *files], check=True, capture_output=True)

    def identity(self, name: str = "client") -> str:
        """Return the options of an address that say who we are."""
        return f"cert={self.folder}/{name}.pem&key={self.folder}/{name}-key.pem"


def tls_monitor(credentials: Path, port: int, *, verify_peer: bool = False) -> list[str]:
    """Return QEMU's options for a monitor in TLS on a port of this host."""
    peer = "on" if verify_peer else "off"
    return [
        *("-object", f"tls-creds-x509,id=t,dir={credentials},endpoint=server,verify-peer={peer}"),
        *("-chardev", f"socket,id=c,host=127.0.0.1,port={port},server=on,wait=off,tls-creds=t"),
        *("-mon", "chardev=c,mode=control"),
    ]
