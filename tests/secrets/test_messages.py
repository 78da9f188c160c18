"""Secrets in requests, replies and lines of HMP."""

import json
from typing import Any

import pytest

from qmpshell.client.hmp import hmp_request
from qmpshell.secrets import HIDDEN, hide_in_hmp, hide_in_reply, hide_in_request, hiding_traffic
from qmpshell.secrets.table import RULES, find_rule, is_secret_name, normal
from tests.schema.recorded import entries, schema

S = "hunter2"


def command(name: str, **arguments: Any) -> dict[str, Any]:
    given = {key.replace("_", "-"): value for key, value in arguments.items()}
    return {"execute": name, "arguments": given}


SECRET = [
    command("set_password", protocol="vnc", password=S),
    command("change-vnc-password", password=S),
    command("block_passwd", device="d", password=S),
    command("change", device="vnc", target="password", arg=S),
    command("object-add", qom_type="secret", id="s", data=S),
    command("object-add", qom_type="secret", id="s", props={"data": S}),
    command("object-add", qom_type="wrong", id="s", data=S),
    command("object-add", qom_type="secret", id="s", dta=S),
    command("guest-set-user-password", username="root", password=S, crypted=False),
    command("guest-exec", path="chpasswd", input_data=S),
    command("guest-exec", path="mysql", arg=["--password", S]),
    command("guest-exec", path="mysql", arg=["--password=" + S]),
    command("guest-exec", path="sh", env=[f"PGPASSWORD={S}"]),
    command("qom-set", path="/objects/s", property="data", value=S),
    command("sev-inject-launch-secret", packet_header="x", secret=S),
    command("blockdev-add", driver="https", url=f"https://me:{S}@host/disk"),
    command("blockdev-add", driver="https", url=f"https://me:{S}@@host/disk"),
    command("blockdev-add", driver="https", cookie=S),
    command("blockdev-add", driver="raw", file={"driver": "https", "cookie": S}),
    command("blockdev-add", driver="raw", file=f'json:{{"driver": "https", "cookie": "{S}"}}'),
    command("blockdev-add", driver="raw", file=f'json:{{"driver": "https", "cookie": "{S}"'),
    command("drive-mirror", target=f"iscsi://me%{S}@host/target/0"),
    command("drive-mirror", target=f"rbd:pool/image:id=admin:key={S}==:auth=cephx"),
    command("transaction", actions=[{"type": "x", "data": {"snapshot-file": f"a://b:{S}@c/"}}]),
    command("transaction", actions=[{"type": "set_password", "data": {"new": S}}]),
    command("set_pasword", protocol="vnc", pasword=S),
    command("SET-PASSWORD", protocol="vnc", new=S),
    command("x-anything", password=S),
    command("x-anything", deep=[{"passphrase": {"a": [S]}}]),
    command("set_password", protocol="vnc", **{S: "x"}),
    command("set_password", **{f"password={S}": "x"}),
    command("guest-exec", path="sh", arg=["-c", f"echo root:{S} | chpasswd"]),
    command("guest-exec", path="psql", env=[f"PGPASS={S}", f"API_KEY={S}"]),
    command("guest-exec", path="x", inputdata=S),
    command("guest-file-write", handle=1, buf=S),
    command("object-add", id=f"s,data={S}"),
    command("qom-set", path="/objects/s", property="dta", value=S),
    command("qom-set", path="/objects/s", property=S, value="data"),
    command("qom-set", path="/objects/s", property=S),
    command("passwd", user="root", new=S),
    command("blockdev-add", driver="https", passord=S),
    command("blockdev-add", driver="raw", file={"driver": "luks", "key": S}),
    command("blockdev-add", filename=f"me:{S}@host"),
    command("x-anything", line=f"set_password vnc {S}"),
    command("x-anything", deep=[{"property": "data", "value": S}]),
    command("x-anything", deep=[{"name": "password", "data": S}]),
    command("x-anything", text=f"password: {S}"),
    command("transaction", actions=[{"type": "set_password", "data": [S]}]),
    command("transaction", actions=[{"type": "object-add", "arguments": {"data": S}}]),
    {"execute": "set_password", "arguments": ["vnc", S]},
    {"execute": "set_password", "password": S},
    {"execute": f"set_password vnc {S}"},
    {"execute": ["set_password", "vnc", S]},
    {"set_password": S},
    {"password": S},
    {"execute": "guest-file-write", "buf-b64": S},
    {"exec-oob": "set_password", "arguments": {"password": S}, "id": 1},
    {"exeucte": "set_password", "args": {"x": S}},
    *(
        hmp_request(line)
        for line in (
            f"set_password vnc {S}",
            f'  set_password spice "{S} {S}" disconnect',
            f"change vnc password {S}",
            f"change -f vnc passwd {S}",
            f"object_add secret,id=s,data={S}",
            f"object_add data={S},qom-type=secret,id=s",
            f'object_add {{"qom-type": "secret", "id": "s", "data": "{S}"}}',
            f"qom-set -j /objects/s data {S}",
            f"set_pasword vnc {S}",
            f"drive_add 0 file=https://me:{S}@host/disk",
            f"device_add x,password={S},,{S},id=a",
            f'"set_password vnc {S}"',
            f"object secret,id=s,data={S}",
            f'drive_add 0 file=json:{{"driver":"https","cookie":"{S}"}}',
            f'human-monitor-command "set_password vnc {S}"',
            f'{{"execute": "set_password", "arguments": {{"password": "{S}"}}}}',
        )
    ),
]

OPEN = [
    command("query-status"),
    command("expire_password", protocol="vnc", time="now"),
    command("object-add", qom_type="iothread", id="io1"),
    command("object-add", qom_type="tls-creds-x509", id="t", dir="/etc", passwordid="s"),
    command("blockdev-add", driver="luks", key_secret="s", file="n"),
    command("blockdev-add", driver="https", url="https://host/x", password_secret="s"),
    command("blockdev-add", driver="ssh", server={"host": "h", "port": "22"}, user="root"),
    command("qom-set", path="/machine", property="rtc", value="x"),
    command("change", device="ide0", target="/disk.iso"),
    command("chardev-add", id="c", backend={"type": "ringbuf", "data": {"size": 65536}}),
    command("netdev_add", type="l2tpv3", id="n", cookie64=True),
    command("guest-exec", path="sh", arg=["-c", "a=b", "/data/key"]),
    command("object-add", qom_type="memory-backend-file", id="data", mem_path="/data/secmem"),
    command("qom-set", path="/objects/io1", property="poll-max-ns", value=0),
    command("send-key", keys=[{"type": "qcode", "data": key} for key in ("ctrl", "a")]),
    command("send-key", keys=[{"type": "qcode", "data": "ret"}], hold_time=20),
    command("ringbuf-write", device="c", data="hello"),
    command("human-monitor-command", command_line="info status"),
    hmp_request("help set_password"),
    hmp_request("expire_password vnc now"),
    hmp_request("object_add iothread,id=io1"),
    hmp_request("change ide0 /disk.iso"),
    hmp_request(""),
    {"execute": "qmp_capabilities", "arguments": {"enable": ["oob"]}, "id": "x"},
    {},
]


@pytest.mark.parametrize("members", SECRET, ids=json.dumps)
def test_a_secret_is_hidden(members: dict[str, Any]) -> None:
    before = json.dumps(members)
    request = hide_in_request(members)
    shown = json.dumps(request.members)
    assert S not in shown
    assert HIDDEN in shown
    assert any(S in secret for secret in request.secrets)
    assert json.dumps(members) == before
    # Who repeats it is hidden as well, but for the id.
    error = {"error": {"class": "GenericError", "desc": f"bad: {request.secrets[0]}"}, "id": S}
    reply = hide_in_reply(error, request)
    assert S not in json.dumps(reply["error"])
    assert reply["id"] == S


@pytest.mark.parametrize("members", OPEN, ids=json.dumps)
def test_what_is_no_secret_is_kept(members: dict[str, Any]) -> None:
    request = hide_in_request(members)
    assert request == (members, (), False)


@pytest.mark.parametrize(
    "members",
    [
        command("qom-get", path="/objects/s", property="data"),
        command("qom-get", path="/objects/s", property="password"),
        command("qom-list-get", paths=["/objects/s"]),
        hmp_request("qom-get /objects/s data"),
    ],
    ids=json.dumps,
)
@pytest.mark.parametrize("value", [S, {"a": S}, [S], f'"{S}"\r\n'])
def test_a_returned_secret_is_hidden(members: dict[str, Any], value: Any) -> None:
    request = hide_in_request(members)
    assert request.members == members
    assert hide_in_reply({"return": value, "id": 1}, request) == {"return": HIDDEN, "id": 1}


def test_other_replies_and_events_are_kept() -> None:
    request = hide_in_request(command("qom-get", path="/machine", property="type"))
    reply = {"return": "pc", "id": 1}
    assert hide_in_reply(reply, request) == reply
    event = {"event": "RTC_CHANGE", "data": {"offset": 1}}
    assert hide_in_reply(event, None) == event
    event = {"event": "MIGRATION_PASS", "data": {"pass": 2}}
    assert hide_in_reply(event, None) == event


@pytest.mark.parametrize("version", ["7.2", "10.0"])
def test_a_schema_has_no_secret(version: str) -> None:
    reply = {"return": entries(version)}
    assert hide_in_reply(reply, None) == reply


def test_a_reply_is_hidden_though_others_come_first() -> None:
    kept: list[tuple[str, Any]] = []
    hide = hiding_traffic(lambda direction, members: kept.append((direction, members)))
    hide("sent", {**command("set_password", protocol=S, password=S), "id": {"a": 1}})
    hide("sent", {"execute": "query-name", "id": 2})
    hide("received", {"event": "STOP", "id": {"a": 1}})
    hide("received", {"return": {"name": S}, "id": 2})
    hide("received", {"id": {"a": 1}, "error": {"class": "x", "desc": f"not '{S}'"}})
    assert [members for _, members in kept[2:]] == [
        {"event": "STOP", "id": {"a": 1}},
        {"return": {"name": S}, "id": 2},
        {"id": {"a": 1}, "error": {"class": "x", "desc": f"not '{HIDDEN}'"}},
    ]


def test_hmp_keeps_what_tells_the_command() -> None:
    assert hide_in_hmp(f"set_password vnc {S} disconnect", []) == "set_password vnc *** disconnect"
    assert hide_in_hmp(f'change vnc password "{S} x"', []) == "change vnc password ***"
    assert hide_in_hmp(f"device_add x,password={S},id=a", []) == "device_add x,password=***,id=a"


def test_what_goes_into_a_guests_program_and_comes_from_it_is_hidden() -> None:
    reply = {"return": {"exited": True, "exitcode": 0, "out-data": S, "err-data": S}}
    shown = {"exited": True, "exitcode": 0, "out-data": HIDDEN, "err-data": HIDDEN}
    assert hide_in_reply(reply, None) == {"return": shown}


@pytest.mark.parametrize("keys", [["a"], ["shift", "a"], ["minus"]])
def test_keys_that_type_a_text_are_hidden(keys: list[str]) -> None:
    request = command("send-key", keys=[{"type": "qcode", "data": key} for key in keys])
    assert hide_in_request(request).members == command("send-key", keys=HIDDEN)


@pytest.mark.parametrize("version", ["7.2", "10.0"])
def test_no_other_command_is_taken_for_a_slip(version: str) -> None:
    for name in schema(version).commands:
        assert find_rule(name) is None or normal(name) in RULES


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("password", True),
        ("Passwd", True),
        ("pasword", True),
        ("--password", True),
        ("vnc-password", True),
        ("cookie", True),
        ("secret", True),
        ("password-secret", False),
        ("cookie-secret", False),
        ("passwordid", False),
        ("passord", True),
        ("cokie", True),
        ("db-pass", True),
        ("secret-key", True),
        ("psw-addr", False),
        ("device_bypass", False),
        ("key-secret", False),
        ("passthrough", False),
        ("pass-discard-request", False),
        ("key-secret", False),
        ("username", False),
        ("", False),
    ],
)
def test_names_of_secrets(name: str, secret: bool) -> None:
    assert is_secret_name(name) == secret
