"""TLS with a real QEMU at the far end."""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import qmpshell
from qmpshell.address import TLSAddress
from qmpshell.client.connect import attempt_in_steps
from qmpshell.errors import ConnectError, NotQMP, NotTrusted, TimedOut, WrongAddress
from qmpshell.transport.tls import TLSStream
from tests.certificates import Certificates, tls_monitor
from tests.cli.programs import run
from tests.real_qemu import RealQEMU, free_port
from tests.terminal import Terminal

MANY = 10_000
US = rf"{re.escape(Path('/proc/self/comm').read_text().strip())} \({os.getpid()}\)"


class FarEnd:
    """A QEMU with a tablet called ``alpha`` behind TLS, and its address."""

    def __init__(self, folder: Path, certificates: Certificates, *, verify_peer: bool) -> None:
        port = free_port()
        options = tls_monitor(certificates.server, port, verify_peer=verify_peer)
        tablet = ("-usb", "-device", "usb-tablet,id=alpha")
        self.qemu = RealQEMU(folder, *options, *tablet)
        self.bare = f"tls:127.0.0.1:{port}"
        self.address = f"{self.bare}?ca={certificates.ca}"
        if verify_peer:
            self.address += f"&{certificates.identity()}"


@pytest.fixture(params=[False, True], ids=["any-client", "clients-with-certificates"])
def far_end(
    request: pytest.FixtureRequest, tmp_path: Path, certificates: Certificates
) -> Iterator[FarEnd]:
    end = FarEnd(tmp_path, certificates, verify_peer=request.param)
    with end.qemu:
        yield end


@pytest.fixture
def lax(tmp_path: Path, certificates: Certificates) -> Iterator[FarEnd]:
    """One that takes any client."""
    end = FarEnd(tmp_path, certificates, verify_peer=False)
    with end.qemu:
        yield end


def test_much_in_both_directions(far_end: FarEnd) -> None:
    with qmpshell.connect(far_end.address) as machine:
        assert len(machine.execute("query-qmp-schema")) > 500
        with pytest.raises(qmpshell.CommandError) as refusal:
            machine.execute("x" * 100_000, timeout=10)
        assert "x" * 100 in str(refusal.value)
        replies: list[object] = []
        for _ in range(MANY):
            machine.submit({"execute": "query-name"}, on_reply=replies.append)
        machine.wait(lambda: len(replies) == MANY, timeout=60)
        for _ in range(200):
            assert machine.execute("query-name", timeout=10) == {"name": "web1"}


def test_before_8_0_qemu_leaves_a_message_in_one_record_unread(
    lax: FarEnd, monkeypatch: pytest.MonkeyPatch
) -> None:
    with qmpshell.connect(lax.address) as machine:
        assert machine.greeting
        if machine.greeting.version >= (8, 0, 0):
            pytest.skip("this QEMU reads whole records")
        monkeypatch.setattr(TLSStream, "send", lambda stream, data: stream._tls.send(data))
        with pytest.raises(TimedOut):
            machine.execute("query-name", timeout=0.5)
        monkeypatch.undo()
        assert machine.execute("query-name", timeout=10) == {"name": "web1"}


def test_names_and_events_at_the_prompt(far_end: FarEnd, home: Path) -> None:
    assert home
    with Terminal(["qmp-shell", far_end.address]) as terminal:
        terminal.wait_for_last_line("web1 prelaunch>")
        terminal.wait(lambda: far_end.bare in terminal.bottom_line)
        assert "ca=" not in terminal.bottom_line
        terminal.type("device_del id=\t")
        terminal.wait_for("alpha")
        terminal.type("\x15query-na")
        terminal.wait_for("web1 prelaunch> query-na")
        with qmpshell.connect(far_end.qemu.socket) as plain:
            plain.execute("cont")
        terminal.wait_for("  RESUME")
        terminal.wait_for("web1 running> query-na")
        terminal.type("me\r")
        terminal.wait_for('\n{"name": "web1"}')
        terminal.wait_for_last_line("web1 running>")
        (here,) = terminal.run(f"/connect {far_end.bare}", "web1 running>")
        assert here.startswith("that is where we are")
        far_end.qemu.kill()
        terminal.wait_for("the connection ended")
        terminal.wait_for_last_line("web1 disconnected>")
        assert terminal.text.count("connection ended") == 1
        assert "verify=off" not in terminal.text


def test_killed_in_the_middle_of_a_command(far_end: FarEnd, home: Path) -> None:
    assert home
    with subprocess.Popen(
        ["qmp-shell", "-v", far_end.address],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write("query-name\n")
        while not process.stderr.readline().startswith('<- {"return": {"name"'):
            pass
        os.kill(far_end.qemu.pid, signal.SIGSTOP)
        process.stdin.write("query-status\n")
        while not process.stderr.readline().startswith('-> {"execute": "query-status"'):
            pass
        far_end.qemu.kill()
        (complaint,) = process.stderr.readlines()
        assert process.wait() == 4
    assert re.fullmatch(r"qmp-shell: line 2: the connection ended: [^:]+\n", complaint)


def test_another_qemu_in_its_place(tmp_path: Path, certificates: Certificates, home: Path) -> None:
    options = tls_monitor(certificates.server, free_port())
    assert home
    port = re.search(r"port=(\d+)", options[3])
    assert port
    address = f"tls:localhost:{port[1]}?verify=off"
    with Terminal(["qmp-shell", "--reconnect", address], columns=200) as terminal:
        terminal.wait_for("verify=off: whoever answers there is trusted")
        with RealQEMU(tmp_path, *options) as first:
            terminal.wait_for_last_line("web1 prelaunch>")
            first.kill()
            terminal.wait_for_last_line("web1 waiting>")
        with RealQEMU(tmp_path, *options, "-name", "web2"):
            terminal.wait_for_last_line("web2 prelaunch>")
            terminal.wait_for("connected again: QEMU ")
            terminal.wait_for(", web2, prelaunch; verify=off")
            terminal.wait_for_last_line("web2 prelaunch>")
            assert terminal.run("query-name", "web2 prelaunch>") == ['{"name": "web2"}']


@pytest.fixture(scope="module")
def monitors(
    tmp_path_factory: pytest.TempPathFactory, certificates: Certificates
) -> Iterator[dict[str, int]]:
    """A QEMU's monitors, each with another way to refuse: their ports by name."""
    folder = tmp_path_factory.mktemp("monitors")
    (folder / "keys.psk").write_text("qemu:0123456789abcdef0123456789abcdef\n")
    (folder / "keys.psk").chmod(0o600)
    kinds = {
        "lax": f"tls-creds-x509,dir={certificates.server},verify-peer=off",
        "strict": f"tls-creds-x509,dir={certificates.server},verify-peer=on",
        "strict-1.2": f"tls-creds-x509,dir={certificates.server},verify-peer=on,"
        "priority=NORMAL:-VERS-TLS1.3",
        "old": f"tls-creds-x509,dir={certificates.old_server},verify-peer=off,sanity-check=off",
        "psk": f"tls-creds-psk,dir={folder}",
        "plain": "",
    }
    ports = {name: free_port() for name in kinds}
    options = []
    for name, kind in kinds.items():
        ident = name.replace(".", "-")
        chardev = f"socket,id={ident},host=127.0.0.1,port={ports[name]},server=on,wait=off"
        if kind:
            options += ["-object", f"{kind},id=creds-{ident},endpoint=server"]
            chardev += f",tls-creds=creds-{ident}"
        options += ["-chardev", chardev, "-mon", f"chardev={ident},mode=control"]
    with RealQEMU(folder, *options):
        yield ports


def refusal(address: str) -> ConnectError:
    with pytest.raises(ConnectError) as caught:
        qmpshell.connect(address, timeout=2)
    text = str(caught.value)
    assert text.isprintable()
    assert re.match(r"(tls|tcp):127\.0\.0\.1:\d+: ", text), text
    return caught.value


@pytest.mark.parametrize(
    ("monitor", "options", "kind", "text"),
    [
        ("lax", "", NotTrusted, "nobody who is trusted has signed .*; ca=FILE names the .* of"),
        ("lax", "?ca={stranger_ca}", NotTrusted, "nobody who is trusted .*; .*stranger-ca.pem "),
        ("lax", "?ca={stranger_ca}&hostname=x", NotTrusted, "nobody who is trusted has signed"),
        (
            "lax",
            "?ca={ca}&hostname=web2.example",
            NotTrusted,
            "is not for web2.example; it is for web1.example, .*; nearest: hostname=web1.example$",
        ),
        ("lax", "?ca={ca}&hostname=192.0.2.1", NotTrusted, "is not for 192.0.2.1; .*; nearest: "),
        ("old", "?ca={ca}", NotTrusted, "a certificate has expired"),
        ("strict", "?ca={ca}", NotTrusted, "left after .*; it probably wants a client's cert"),
        ("strict-1.2", "?ca={ca}", NotTrusted, "left after .*; it probably wants a client's cert"),
        (
            "strict",
            "?ca={ca}&cert={stranger}&key={folder}/stranger-key.pem",
            NotTrusted,
            r"left when it had seen our certificate, .*stranger\.pem; has a CA of its ca-cert",
        ),
        (
            "strict-1.2",
            "?ca={ca}&cert={stranger}&key={folder}/stranger-key.pem",
            NotTrusted,
            r"left when it had seen our certificate, .*stranger\.pem; has a CA of its ca-cert",
        ),
        (
            "strict",
            "?ca={ca}&cert={client}&key={folder}/stranger-key.pem",
            WrongAddress,
            r"key=.*stranger-key\.pem: this key doesn't belong to .*client\.pem$",
        ),
        (
            "strict",
            "?ca={ca}&cert={client}",
            WrongAddress,
            r"cert=.*client\.pem: there is no private key in it, in PEM; key=FILE names the file",
        ),
        ("lax", "?ca=/nowhere", WrongAddress, "ca=/nowhere: it can't be read: No such file"),
        ("lax", "?ca=/tmp", WrongAddress, "ca=/tmp: it can't be read: Is a directory"),
        ("lax", "?ca=/dev/null", WrongAddress, "ca=/dev/null: there is no certificate in it"),
        ("lax", "?ca={broken}", WrongAddress, "ca=.*broken.pem: no certificate in PEM: "),
        (
            "strict",
            "?ca={ca}&cert={broken}&key={folder}/client-key.pem",
            WrongAddress,
            "cert=.*broken.pem: no certificate with its key: ",
        ),
        (
            "strict",
            "?ca={ca}&cert={client}&key={locked}",
            WrongAddress,
            "key=.*locked.pem: the key is locked with a password: `openssl pkey ",
        ),
        ("psk", "?ca={ca}", ConnectError, "no TLS that both .*; QEMU needs a tls-creds-x509|left"),
        (
            "plain",
            "?ca={ca}",
            NotQMP,
            "this server doesn't speak TLS; perhaps it is a plain monitor; web1 speaks QMP at",
        ),
    ],
)
def test_why_no_connection_comes_about(
    certificates: Certificates,
    monitors: dict[str, int],
    monitor: str,
    options: str,
    kind: type[ConnectError],
    text: str,
) -> None:
    names = vars(certificates)
    error = refusal(f"tls:127.0.0.1:{monitors[monitor]}{options.format(**names)}")
    assert type(error) is kind
    assert re.search(text, str(error)), str(error)


def test_tcp_where_tls_is_spoken(monitors: dict[str, int]) -> None:
    port = monitors["lax"]
    text = str(refusal(f"127.0.0.1:{port}"))
    assert text.endswith(f"no greeting; this monitor speaks TLS: tls:127.0.0.1:{port}")


def test_certificate_and_key_in_one_file(
    certificates: Certificates, monitors: dict[str, int]
) -> None:
    port, both = monitors["strict-1.2"], certificates.both
    with qmpshell.connect(f"tls:localhost:{port}?ca={certificates.ca}&cert={both}") as machine:
        assert machine.execute("query-name", timeout=10) == {"name": "web1"}


def test_a_file_in_the_home(
    certificates: Certificates, monitors: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(certificates.folder))
    qmpshell.connect(f"tls:localhost:{monitors['lax']}?ca=~/ca.pem").close()


def test_the_systems_cas(
    certificates: Certificates, monitors: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.ca))
    qmpshell.connect(f"tls:localhost:{monitors['lax']}").close()


def test_held_by_another_client(certificates: Certificates, monitors: dict[str, int]) -> None:
    address = f"tls:127.0.0.1:{monitors['lax']}?ca={certificates.ca}"
    with qmpshell.connect(address):
        text = str(refusal(address))
    assert re.search(rf"no TLS handshake in 2 s; held by {US}, and it serves one client", text)


def test_no_client_certificate_where_one_connects_in_steps(
    certificates: Certificates, monitors: dict[str, int]
) -> None:
    address = TLSAddress("127.0.0.1", monitors["strict"], str(certificates.ca))
    with pytest.raises(NotTrusted, match="it probably wants a client's certificate"):
        for _ in attempt_in_steps(address, timeout=10):
            pass


def test_the_list_of_machines_has_it(monitors: dict[str, int], home: Path) -> None:
    assert home
    lines = run("qmp-list").out.splitlines()
    assert any(
        re.search(rf"web1 +\d+ +tls:127\.0\.0\.1:{monitors['lax']} +QMP over TLS", line)
        for line in lines
    ), lines


def test_ssl_is_imported_for_tls_alone(certificates: Certificates, lax: FarEnd) -> None:
    script = (
        "import sys, qmpshell\n"
        "qmpshell.connect(sys.argv[1]).close()\n"
        "print(*{'ssl', 'qmpshell.transport.tls'} & {*sys.modules})\n"
    )
    assert run("python3", "-c", script, lax.qemu.socket).out == "\n"
    assert len(run("python3", "-c", script, lax.address).out.split()) == 2
