import re

from pygments.styles import get_style_by_name

from qmpshell.render import Role, plain, pretty_json
from qmpshell.render.theme import Theme


def test_painting_adds_escape_sequences_and_nothing_else() -> None:
    styled = pretty_json({"name": "x", "number": 1.5, "none": None})
    painted = Theme().paint(styled)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain(styled)
    assert "\x1b[32m" in painted


def test_every_role_has_a_look_in_any_style() -> None:
    theme = Theme(get_style_by_name("monokai"))
    for role in Role:
        assert "text" in theme.paint([(role, "text")])
