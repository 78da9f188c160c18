import pytest
from pygments.styles import get_style_by_name

from qmpshell.cli.theme import background_from, configured_theme
from qmpshell.configuration import Configuration
from qmpshell.errors import UsageError
from qmpshell.render.pygments_style import TerminalStyle

STYLES = Configuration("c.toml", {"colors.light": 7}, dark="monokai", light="friendly")


@pytest.mark.parametrize(
    ("value", "background"),
    [
        (None, "dark"),
        ("", "dark"),
        ("15;0", "dark"),
        ("0;15", "light"),
        ("0;default;15", "light"),
        ("12;8", "dark"),
        ("0;7", "light"),
        ("15;default", "dark"),
        ("0;16", "dark"),
        ("0;²", "dark"),
        ("0;" + "9" * 9999, "dark"),
    ],
)
def test_what_a_terminal_says_of_its_background(value: str | None, background: str) -> None:
    assert background_from({} if value is None else {"COLORFGBG": value}) == background


@pytest.mark.parametrize(
    ("background", "env", "name"),
    [
        ("auto", {}, "monokai"),
        ("auto", {"COLORFGBG": "0;15"}, "friendly"),
        ("dark", {"COLORFGBG": "0;15"}, "monokai"),
        ("light", {}, "friendly"),
    ],
)
def test_the_style_for_the_background(background: str, env: dict[str, str], name: str) -> None:
    theme = configured_theme(STYLES._replace(background=background), env)
    assert theme.style is get_style_by_name(name)


def test_without_a_style_the_terminals_own_colours() -> None:
    assert configured_theme(Configuration(), {}).style is TerminalStyle


@pytest.mark.parametrize("name", ["freindly", "", "a\0b", "..", "sys", "_mapping", "\x1b[2J"])
def test_a_style_that_there_isnt(name: str) -> None:
    with pytest.raises(UsageError, match=r"^c.toml:7: colors.light: there is no style ") as caught:
        configured_theme(STYLES._replace(background="light", light=name), {})
    assert str(caught.value).isprintable()
