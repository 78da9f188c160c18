"""What a history may keep of a line."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.language.keeping import kept_line

S = "hunter2"

#: Lines with ``hunter2`` where the secret is, and what is kept: ``None`` for nothing.
SHOWN = [
    (f"set_password vnc {S}", "set_password vnc ***"),
    (f"  set_password  vnc  '{S}' --timeout 5", "  set_password  vnc  *** --timeout ***"),
    (
        f"set_password protocol=vnc password={S} --yes",
        "set_password protocol=vnc password=*** --yes",
    ),
    (f'object-add qom-type=secret id=s data="{S}"', "object-add qom-type=secret id=s data=***"),
    (f"blockdev-add node-name=n file.cookie={S}", "blockdev-add node-name=n file.cookie=***"),
    (
        f'blockdev-add file={{"driver": "https", "cookie": "{S}"}} node-name=n',
        'blockdev-add file={"driver": "https", "cookie": "***"} node-name=n',
    ),
    (
        f"blockdev-add url='https://me:{S}@host/'",
        'blockdev-add url="https://me:***@host/"',
    ),
    (f"/hmp set_password vnc {S}", "/hmp set_password vnc ***"),
    (f"/set_password vnc {S}", "/set_password vnc ***"),
    (
        f'human-monitor-command command-line="change vnc password {S}"',
        'human-monitor-command command-line="change vnc password ***"',
    ),
    (
        f'{{"execute": "set_password",\n "arguments": {{"protocol": "vnc", "password": "{S}"}}}}',
        '{"execute": "set_password", "arguments": {"protocol": "vnc", "password": "***"}}',
    ),
    (f'{{"execute": "set_password", "arguments": {{"password": "{S}}}', None),
    (f'{{"execute": "set_password", "arguments": {{"password": {S}}}}}', None),
    (f"{{'execute': 'set_p\\u0061ssword', 'arguments': {{'x': '{S}'}}}}", None),
    (f'{{"execute": "query-status"}} password {S}', None),
    (f"# set_password vnc {S}", None),
    (f"!virsh set-user-password web1 root --password {S}", None),
    ("!ls -l 'my disk'", "!ls -l 'my disk'"),
    (f"transaction(\n# password {S}\nabort\n)", None),
    (f"transaction( abort ; set_password vnc {S} )", "transaction( abort ; set_password vnc *** )"),
    (f"query-status\nset_password vnc {S}", "query-status\nset_password vnc ***"),
    (f"/run id\n/run mysql --password {S}", None),
    ('query-name\n{"execute":\n"cont"}\nstop', 'query-name\n{"execute":\n"cont"}\nstop'),
    (f"set_password protocol=vnc password=\n{S}", "set_password protocol=vnc password=\n***"),
    (f"set_password vnc {S} | cat", "set_password vnc ***"),
    (f"set_password vnc |{S}", "set_password vnc"),
    (f"set_password vnc > {S}", "set_password vnc"),
    (f"query-status | curl --password {S}", "query-status"),
    (f"query-status | curl https://me:{S}@host", "query-status"),
    (f"query-status | PASSWORD={S} backup", "query-status"),
    (f"/hmp set_password vnc {S} | cat", "/hmp set_password vnc ***"),
    (f"/hmp info block | mail --password {S}", "/hmp info block"),
    (f"virsh qemu-monitor-command web1 set_password vnc {S}", None),
    # Commands of which nobody knows, and those that aren't written as they should be.
    (f"passwd root {S}", "passwd *** ***"),
    (f"set_pas word vnc {S}", None),
    (f"set=password vnc {S}", None),
    (f"set_pa'ssword vnc {S}", None),
    (f"se\\t_password vnc {S}", None),
    (f'human-monitor-command command-line="set_password vnc \\{S}"', None),
    (f"blockdev-add url=https:///me:{S}@host", None),
    (f"password: {S}", "password: ***"),
    (f"set_password: vnc {S}", "set_password: vnc ***"),
    (f"set_password vnc {S}=x", "set_password vnc ***"),
    (f"query-status;set_password vnc {S}", None),
    (f"cont x=y;set_password vnc {S}", None),
    (f"hmp 'set_password vnc {S}'", 'hmp "set_password vnc ***"'),
    (f'/hmp "object_add secret,id=s,data={S}"', '/hmp "object_add ***"'),
    (f"add-object secret,id=s,data={S}", "add-object secret,id=s,data=***"),
    (f"object-add qom-type=secret,id=s,data={S}", None),
    (f"qom set /objects/s data {S}", None),
    (f"qom-set /objects/s dta {S}", "qom-set /objects/s *** ***"),
    (f"\ufeffset_password vnc {S}", None),
    (f"/connect exec:sshpass -p {S} ssh host", None),
    (f"/run echo {S} | passwd --stdin root", None),
    (f"/run net user me {S}", None),
    (f"/type --enter {S}", None),
    (f'/type "{S}\\n"', None),
    (f"/type --enter echo root:{S} | chpasswd", None),
    (f"!mysql -u root -p{S}", None),
    (f'{{"execute": "set_password", "arguments": ["vnc", "{S}"]}}', None),
    (f'{{"execute": "set_password", "password": "{S}"}}', None),
    (f'{{"execute": "set_password", "arguments": {{"{S}": ""}}}}', None),
    (f'{{"execute": "set_password vnc {S}"}}', None),
    (f'{{"set_password": ["vnc", "{S}"]}}', None),
    (f'{{"execute": ["set_password", "vnc", "{S}"]}}', None),
    (f'{{"execute": "object-add", "qom-type": "secret", "data": "{S}"}}', None),
]

#: Each takes a secret as a word, or as one in quotes.
COMMANDS = [
    "set_password vnc {}",
    "set_password {}",
    "set_password vnc {} | cat",
    "set_password vnc {} > file",
    "set_password vnc | {}",
    "set_password protocol=vnc password={}",
    "set_password protocol=vnc pasword={}",
    "set_password protocol=vnc password = {}",
    "set_pasword vnc {}",
    "change-vnc-password {}",
    "block_passwd device=d password={}",
    "object-add qom-type=secret id=s data={}",
    "object-add qom-type=secret id=s dta={}",
    "object-add secret s {}",
    "guest-set-user-password username=root password={}",
    "guest-exec path=x input-data={}",
    "guest-exec path=x input-dta={}",
    "guest-exec path=chpasswd arg.0={}",
    "guest-file-write 1 {}",
    "guest-file-write handle=1 buf={}",
    "object secret id=s data={}",
    "blockdev-add driver=https passord={}",
    "blockdev-add driver=https cokie={}",
    "blockdev-add driver=luks key={}",
    "vnc-password {}",
    "qom-set /objects/s data {}",
    "qom-set path=/objects/s property=data value={}",
    "blockdev-add driver=https cookie={}",
    "blockdev-add file.file.cookie={} driver=raw",
    "x-anything password={} a=b",
    "x-anything a.0.passphrase={} a=b",
    "query-status set_password vnc {}",
    "transaction( blockdev-add password={} )",
    "change vnc password {}",
]

HMP = [
    "set_password vnc {}",
    "set_password spice {} keep",
    "change vnc passwd {}",
    "set_pasword {}",
    "set_password vnc {} | cat",
    "passwd {}",
    'change "nc password {}',
    "'set_password' vnc {}",
    "object secret,id=s,data={}",
]

#: Everything that means something to some reader of lines.
CHARACTERS = st.text(alphabet="aZ9 =\"'{}[]()#;,\\@:/%&|>-\u00df\u202e", max_size=8)


@pytest.mark.parametrize(("line", "kept"), SHOWN)
def test_what_is_kept(line: str, kept: str | None) -> None:
    shown = kept_line(line)
    assert S not in (shown or "")
    if kept is not None or shown is None:
        assert shown == kept


@given(st.sampled_from(COMMANDS), CHARACTERS)
def test_no_part_of_a_secret_is_kept(command: str, middle: str) -> None:
    secret = f"hunter2{middle}zq9"
    bare = secret.replace(" ", "")
    for written in (bare, json.dumps(secret), repr(secret), json.dumps(secret)[:-1]):
        kept = kept_line(command.format(written))
        assert kept is None or ("hunter2" not in kept and "zq9" not in kept)


@given(st.sampled_from(HMP), CHARACTERS)
def test_nor_in_hmp(command: str, middle: str) -> None:
    line = command.format(f"hunter2{middle}zq9")
    for kept in (kept_line(line, hmp=True), kept_line(f"/hmp {line}")):
        assert kept is None or ("hunter2" not in kept and "zq9" not in kept)


@given(st.integers(0, 120), st.sampled_from(["'", '"', "", "{", "\\"]))
def test_nor_in_json_that_is_wrong_somewhere(place: int, wrong: str) -> None:
    arguments = {"protocol": "vnc", "password": f"{S} zq9"}
    line = json.dumps({"execute": "set_password", "arguments": arguments})
    for text in (line[:place] + wrong + line[place:], line[:place] + wrong + line[place + 1 :]):
        kept = kept_line(text)
        if S in text:
            assert kept is None or (S not in kept and "zq9" not in kept)


def slips(line: str) -> Iterator[str]:
    """Yield a line with each slip of one key outside of the secret."""
    secret = range(line.index(S), line.index(S) + len(S))
    for place, typed in enumerate(line):
        if place in secret:
            continue
        before, after = line[:place], line[place + 1 :]
        yield before + after
        yield before + typed + typed + after
        if place + 1 not in secret:
            yield before + after[:1] + typed + after[1:]
        for wrong in "x _=;,'\"/{)\\":
            yield before + wrong + after
            yield before + wrong + typed + after


@pytest.mark.parametrize(
    "line",
    [
        f"set_password protocol=vnc password={S}",
        f"object-add qom-type=secret id=s data={S}",
        f"object-add secret s data='{S}' format=raw",
        f"/hmp object_add secret,id=s,data={S}",
        f'human-monitor-command command-line="set_password vnc {S}"',
        f'{{"execute": "set_password", "arguments": {{"password": "{S}"}}}}',
    ],
)
def test_no_slip_of_a_key_keeps_a_secret(line: str) -> None:
    assert [slip for slip in slips(line) if S in (kept_line(slip) or "")] == []


@pytest.mark.parametrize(
    "line",
    [
        "",
        "query-status",
        "query-status | jq .status",
        "query-status --output table >> 'my data'",
        '{"execute": "query-status"} --output flat | cat',
        "/help device_add | less",
        "/hmp info mtree > mtree",
        "/help set_password",
        "/search password",
        "/reconnect",
        "expire_password vnc now",
        "device_add driver=e1000 id=net1 --dry-run",
        "blockdev-add driver=luks key-secret=s file={'driver': 'file',   'filename': 'a'}",
        'blockdev-add driver=file filename="my disk" node-name=x',
        '{"execute":   "query-block", "id": 1}',
        '{"execute": wrong}',
        "device_add driver='half",
        "transaction(\nabort\n# a comment\n)",
        "# a comment",
        "object-add iothread io1",
        "qom-set /machine/unattached/device[0] realized true",
        "qom-set /objects/io1 poll-max-ns 32768",
        "object-add qom-type=memory-backend-file id=data size=1G mem-path=/data/secmem",
        "device_add secret0 id=key",
        "blockdev-add driver=https node-name=n url=https://me@host/x password-secret=s",
        "nbd-server-start addr.type=inet addr.data.host=0.0.0.0 addr.data.port=10809",
        "input-send-event events.0.type=key events.0.data.key.type=qcode",
        "ringbuf-write device=c data=hello",
        "human-monitor-command 'info block'",
        "guest-exec path=/bin/ls arg=['-l', '/data']",
        "query-block | grep -i key",
        "/run echo kept",
        '/type "dmesg | tail\\n"',
        "/run cat /etc/ssh/ssh_host_ed25519_key.pub",
        "/connect exec:socat - /run/web2.sock",
        "/hmp object_add memory-backend-file,id=m,size=1G,mem-path=/data/m",
        "!tail -f /data/database.log",
        "!make change",
    ],
)
def test_other_lines_are_kept_as_they_are(line: str) -> None:
    assert kept_line(line) == line


@given(st.text())
def test_any_text(text: str) -> None:
    for line in (
        text,
        "x | " + text,
        "{" + text,
        "transaction(" + text,
        "/" + text,
        "set_password " + text,
    ):
        kept_line(line)
        kept_line(line, hmp=True)
