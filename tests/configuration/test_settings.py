import tomllib

from qmpshell.configuration import Configuration
from qmpshell.configuration.keys import KEYS
from qmpshell.configuration.reading import read_configuration
from qmpshell.configuration.settings import Choice, Line, settings
from tests.configuration.test_reading import WHOLE


def test_every_key_has_an_attribute_and_every_attribute_a_key() -> None:
    assert ["path", "lines", *(key.field for key in KEYS)] == list(Configuration._fields)


def test_what_is_shown_can_be_pasted_into_a_file() -> None:
    configuration = read_configuration(WHOLE, "c.toml")
    lines = [line for setting in settings(configuration, {}) for line in setting.lines]
    text = "".join(f"{name} = {value}\n" for name, value, _ in lines if name != "events.only")
    assert tomllib.loads(text) == tomllib.loads(WHOLE) | {
        "events": {"except": ["RTC_CHANGE", "JOB_*"]}
    }


def test_where_it_comes_from() -> None:
    configuration = read_configuration('\ncolor = "never"\ntargets.a = "/a\\u001b"', "c.toml")
    choices = {"editing-mode": Choice("vi", "--vi"), "color": Choice("always", "--color")}
    shown = {setting.key.name: setting.lines for setting in settings(configuration, choices)}
    assert list(shown) == [key.name for key in KEYS]
    assert shown["targets"] == (Line("targets.a", '"/a\\u001b"', "file, line 3"),)
    assert shown["editing-mode"] == (Line("editing-mode", '"vi"', "--vi"),)
    assert shown["color"] == (Line("color", '"always"', "--color"),)
    assert shown["pager"] == (Line("pager", "$PAGER, or less", "default"),)
    assert {line.origin for line in shown["timing"]} == {"default"}
