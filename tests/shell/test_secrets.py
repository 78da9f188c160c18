"""Secrets typed at a real shell: in no file that it leaves behind, and not in what -v shows."""

import json
from pathlib import Path

import pytest

from tests.cli.programs import run
from tests.real_qemu import RealQEMU
from tests.terminal import Terminal

PAUSED = "web1 prelaunch>"
HMP = "web1 hmp prelaunch>"
S = "hunter2"

LINES = [
    f"set_password vnc {S}",
    f"set_password protocol=vnc password={S}",
    f"set_password protocol=vnc password='{S}'",
    f"set_password protocol={S} password=x",
    f"set_pasword vnc {S}",
    f'set_password vnc "{S}',
    f"set_password vnc {S} and more",
    f"change-vnc-password {S}",
    f"object-add qom-type=secret id=s1 data={S}",
    f"object-add qom-type=secret id=s2 dta={S} --no-check",
    f"object-add secret s3 data={S} --dry-run",
    "qom-get /objects/s1 data",
    f"qom-set /objects/s1 data {S}",
    f"guest-set-user-password username=root password={S} crypted=false --no-check",
    f"blockdev-add driver=https node-name=n url=https://me:{S}@127.0.0.1:1/x",
    f'blockdev-add driver=raw node-name=n file={{"driver": "https", "cookie": "{S}"}}',
    f'human-monitor-command command-line="set_password vnc {S}"',
    f"/hmp set_password vnc {S}",
    f"/hmp change vnc password {S}",
    f"/hmp object_add secret,id=s4,data={S}",
    "/hmp qom-get /objects/s4 data",
    f"/set_password vnc {S}",
    f'{{"execute": "set_password", "arguments": {{"protocol": "vnc", "password": "{S}"}}}}',
    f'{{"execute": "object-add", "arguments": {{"qom-type": "secret", "id": "s", "data": "{S}"}}}}',
    f'{{"execute": "set_password", "arguments": {{"protocol": "vnc", "password": {S}}}}}',
    f'{{"execute": "set_password", "arguments": {{"password": "{S}"}}}}, "id": 1}}',
    f"{{'execute': 'set_password', 'arguments': {{'password': '{S}'}}}}",
    f"transaction( blockdev-snapshot-sync device=d snapshot-file=https://a:{S}@b/c )",
    f"# set_password vnc {S}",
    f"set_password vnc {S}=x --no-check",
    f"passwd root {S}",
    f"query-status;set_password vnc {S}",
    f"object-add qom-type=secret,id=s,data={S} --no-check",
    f"object-add qom-type=secret id=s5 dta={S} --no-check",
    f"qom-set /objects/s1 dta {S}",
    f"hmp 'set_password vnc {S}' --no-check",
    f"/hmp object_add secret,id=s6,{S}",
    f'{{"execute": "set_password", "arguments": ["vnc", "{S}"]}} --no-check',
    f'{{"execute": "set_password", "password": "{S}"}} --no-check',
    f"/type --enter {S}",
]

HMP_LINES = [
    f"set_password vnc {S}",
    f"change vnc password {S}",
    f"object_add secret,id=s,data={S}",
    "qom-get /objects/s data",
    f"/hmp qom-set /objects/s data {S}",
    f'"set_password vnc {S}"',
    f'object_add secret,id=s2,{S},data="a {S}"',
    f'drive_add 0 if=none,file=json:{{"driver":"https","cookie":"{S}"}}',
    f"passwd {S}",
    f'{{"execute": "set_password", "arguments": {{"password": "{S}"}}}}',
]


def files_with_secret(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and S in path.read_text()]


@pytest.mark.parametrize(
    ("options", "prompt", "lines"), [((), PAUSED, LINES), (("--hmp",), HMP, HMP_LINES)]
)
def test_no_file_and_no_echo_has_a_secret(
    qemu: RealQEMU, home: Path, options: tuple[str, ...], prompt: str, lines: list[str]
) -> None:
    log = home / "log"
    with Terminal(["qmp-shell", *options, "-v", "-l", str(log), qemu.socket], columns=200) as shell:
        shell.wait_for_last_line(prompt)
        for line in lines:
            shell.run(line, prompt)
        echoed = [line for line in shell.lines if line.startswith(("->", "<-"))]
        assert [line for line in echoed if S in line] == []
        # What was typed is there again in this session.
        shell.type("\x1b[A")
        shell.wait_for_last_line(f"{prompt} {lines[-1]}")
        shell.press("\x03", prompt)
        shell.type("\x04")
        assert shell.wait_until_ended() == 0
    assert log.stat().st_size > 1000
    assert [json.loads(line) for line in log.read_text().splitlines()]
    history = (home / ".local/state/qmpshell/history").read_text()
    assert "+set_password vnc ***" in history
    assert files_with_secret(home) == []


def test_what_is_typed_on_the_machines_keyboard(qemu: RealQEMU, home: Path) -> None:
    log = home / "log"
    running = "web1 running>"
    with Terminal(["qmp-shell", "-l", str(log), qemu.socket]) as shell:
        shell.wait_for_last_line(PAUSED)
        shell.press("cont --yes\r", running)
        shell.run(f"/type --enter {S}", running)
        shell.run("/keys ctrl-c", running)
    sent = [json.loads(line)["message"] for line in log.read_text().splitlines()]
    keys = [given["arguments"]["keys"] for given in sent if given.get("execute") == "send-key"]
    assert keys[: len(S)] == ["***"] * len(S)
    assert [[key["data"] for key in stroke] for stroke in keys[len(S) :]] == [
        ["ret"],
        ["ctrl", "c"],
    ]
    assert files_with_secret(home) == []


def test_the_log_has_the_rest_of_the_conversation(qemu: RealQEMU, home: Path) -> None:
    log = home / "log"
    line = f"object-add qom-type=secret id=s data={S}"
    done = run("qmp-shell", "-v", "-l", str(log), qemu.socket, *line.split())
    assert (done.status, done.out) == (0, "{}\n")
    messages = [json.loads(line)["message"] for line in log.read_text().splitlines()]
    (sent,) = [message for message in messages if message.get("execute") == "object-add"]
    assert sent["arguments"] == {"qom-type": "secret", "id": "s", "data": "***"}
    assert '"data": "***"' in done.err
    # It did go out as it was typed, and comes back for whoever asks.
    got = run("qmp-shell", "-v", "-l", str(log), qemu.socket, "qom-get", "/objects/s", "data")
    assert got.out == f'"{S}"\n'
    assert S not in done.err + got.err + log.read_text()


def test_what_stands_for_a_secret_is_not_sent(qemu: RealQEMU, home: Path) -> None:
    refused = "*** stands for a secret that isn't kept: type it again"
    with Terminal(["qmp-shell", qemu.socket]) as shell:
        shell.wait_for_last_line(PAUSED)
        shell.run(f"object-add qom-type=secret id=s data={S}", PAUSED)
        shell.type("\x04")
        shell.wait_until_ended()
    with Terminal(["qmp-shell", qemu.socket]) as shell:
        shell.wait_for_last_line(PAUSED)
        shell.type("\x1b[A")
        shell.wait_for_last_line(f"{PAUSED} object-add qom-type=secret id=s data=***")
        assert shell.press("\r", PAUSED) == [refused]
        for line in (
            "/hmp set_password vnc ***",
            "/hmp object_add ***",
            "qom-set /objects/s *** ***",
        ):
            assert shell.run(line, PAUSED) == [refused]
        assert shell.run("qom-get /objects/s data", PAUSED) == [f'"{S}"']
