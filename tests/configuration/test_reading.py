from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qmpshell.configuration import Configuration
from qmpshell.configuration.keys import KEYS
from qmpshell.configuration.reading import read_configuration
from qmpshell.errors import UsageError

WHOLE = """\
editing-mode = "vi"
output = "table"
color = "never"
pager = ""
timing = true
history = "/var/qmp/history"

[targets]
web1 = "unix:/run/web1.sock,server=on"
"prod.db" = "db.example:4444"

[colors]
background = "light"
dark = "monokai"
light = "friendly"

[events]
except = ["RTC_CHANGE", "JOB_*"]

[guard]
ask = ["migrate"]
dont-ask = ["system_reset"]

[tls]
ca = "/etc/qmp/ca.pem"
cert = "/etc/qmp/client.pem"
key = "/etc/qmp/client-key.pem"
"""


def read(text: str) -> Configuration:
    return read_configuration(text, "c.toml")


def test_every_key_is_read() -> None:
    configuration = read(WHOLE)
    assert configuration._replace(lines={}) == Configuration(
        "c.toml",
        {},
        targets={"web1": "unix:/run/web1.sock,server=on", "prod.db": "db.example:4444"},
        editing_mode="vi",
        output="table",
        color="never",
        background="light",
        dark="monokai",
        light="friendly",
        except_=("RTC_CHANGE", "JOB_*"),
        ask=("migrate",),
        dont_ask=("system_reset",),
        pager="",
        timing=True,
        history="/var/qmp/history",
        tls_ca="/etc/qmp/ca.pem",
        tls_cert="/etc/qmp/client.pem",
        tls_key="/etc/qmp/client-key.pem",
    )
    assert configuration.lines["timing"] == 5
    assert configuration.lines["targets.prod.db"] == 10
    assert set(configuration.lines) >= {key.name for key in KEYS} - {"events.only"}
    assert read('[events]\nonly = ["A"]').only == ("A",)


@pytest.mark.parametrize("text", ["", "# nothing\r\n", "[colors]", "\n\n[targets]\n"])
def test_nothing_in_it_is_the_defaults(text: str) -> None:
    assert read(text)._replace(lines={}) == Configuration("c.toml")


def test_a_home_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    configuration = read('history = "~/h"\ntargets.a = "~/a.sock"')
    assert configuration.history == f"{tmp_path}/h"
    assert configuration.targets == {"a": f"{tmp_path}/a.sock"}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("\nouptut = 1", "2: there is no key ouptut; nearest: output"),
        ("zzz = 1", "1: there is no key zzz; /config shows those there are"),
        ("dark = 'x'", "1: there is no key dark; nearest: colors.dark"),
        ("[colors]\n\ndrak = 'x'", "3: there is no key colors.drak; nearest: colors.dark"),
        ("\n[tls]\nkey = '/k'", "3: tls.key is of use only with tls.cert"),
        ("timing = true\n[colours]", "2: there is no table colours; nearest: colors"),
        ("[target]\na = 'b'", "1: there is no table target; nearest: targets"),
        ('"a\\u001b[2J" = 1', r'1: there is no key "a\x1b[2J"; /config shows those there are'),
        ("timing = 1", "1: timing: true or false is expected, not a number"),
        ("timing = 'on'", '1: timing: true or false is expected, not "on"'),
        ("pager = true", "1: pager: a text in quotes is expected, not a boolean"),
        ("pager = 07:00:00", "1: pager: a text in quotes is expected, not a date or a time"),
        (
            "output = 'jsno'",
            "1: output: ",
        ),
        (
            "editing-mode = 'vim'",
            '1: editing-mode: "emacs" or "vi" is expected, not "vim"; nearest: "vi"',
        ),
        ("colors = 'dark'", "1: colors: a table is expected: [colors]"),
        ("[[guard]]\nask = ['x']", "1: guard: a table is expected: [guard]"),
        ("[guard]\nask = 'x'", '2: guard.ask: a list of names or patterns is expected, not "x"'),
        (
            "[guard]\nask = [\n1]",
            "2: guard.ask: a list of names or patterns is expected, not a list",
        ),
        ("events.only = []\nevents.except = []", "2: events.only and events.except exclude"),
        ("history = 'h'", '1: history: a path is expected that begins with / or ~/, not "h"'),
        ('history = "/\\u0000"', "1: history: a path can't hold a NUL"),
        ("targets = 'x'", '1: targets: a table of addresses is expected, not "x"'),
        ("[targets]\na = 1", "2: targets.a: an address in quotes is expected, not a number"),
        ("[targets]\na.b = 'x'", "2: targets.a: an address is expected; a name with a dot stands"),
        ("[targets]\na = 'telnet:x:1'", "2: targets.a: telnet: is no kind of address"),
        ("[targets]\na = ''", "2: targets.a: the address is empty"),
        ("[targets]\ndemo = 'x'", "2: targets.demo: this name is the throw-away machine's"),
        ("pager = ", "1: this is no TOML: Invalid value"),
        ("\n\npager = less", "3: this is no TOML, at column 9: Invalid value"),
        ("a = 1\na = 2", "2: this is no TOML"),
        ("b = 1\na = " + "[" * 9999 + "]" * 9999, "2: this is no TOML for Python"),
        ("b = 1\na = " + "9" * 9999, "2: this is no TOML for Python"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(text)
    assert str(caught.value).startswith(f"c.toml:{complaint}")


@pytest.mark.parametrize("name", ["", "a/b", "a:1", "@a", "a,b", "a b", "-a", "{a", "\u200b", "\n"])
def test_what_is_no_name_of_a_target(name: str) -> None:
    written = name.replace("\n", "\\n")
    with pytest.raises(UsageError, match="a target's name"):
        read(f'[targets]\n"{written}" = "/run/x"')


@pytest.mark.parametrize("name", ["web1", "büro", "a.b", "a-b_c", "1", "a b".replace(" ", "")])
def test_what_is_one(name: str) -> None:
    assert read(f'[targets]\n"{name}" = "/run/x"').targets == {name: "/run/x"}


NAMES = [part for key in KEYS for part in (key.name, key.name.rpartition(".")[2])]
FRAGMENTS = st.sampled_from(
    [
        *(f"\n{name} = " for name in NAMES),
        *("\n[colors]\n", "\n[targets]\n", "\n[events]\n", "\n[guard]\n"),
        *('"x"', "['a', \"b\"]", "true", "1", "{a = 1}", '"/x"', "'vi'", "'json'"),
        *("\n", " ", "#", '"', "[", "]", "=", "\x00", "\x1b", "\r", "\ud7ff", "\u202e"),
    ]
)


@given(st.one_of(st.text(), st.lists(st.one_of(FRAGMENTS, st.text(max_size=3))).map("".join)))
def test_any_text_is_a_configuration_or_one_line(text: str) -> None:
    try:
        assert isinstance(read(text), Configuration)
    except UsageError as error:
        assert str(error).startswith("c.toml:")
        assert str(error).isprintable()


@pytest.mark.parametrize(
    "line", ["{}b = 1", "[{}b]", "[[{}b]]", "a = {{ {}b = 1 }}", "a = [1,\n{{{}b = 1}}]"]
)
@pytest.mark.parametrize("part", ["a.", "a . ", '"x y".', "'x'.", "a-b."])
@pytest.mark.parametrize("count", [60, 5000])
def test_a_key_of_very_many_parts(line: str, part: str, count: int) -> None:
    with pytest.raises(UsageError, match=r"^c\.toml:[23]: no key has so many parts$"):
        read("timing = true\n" + line.format(part * count))
