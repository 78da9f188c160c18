from hypothesis import given
from hypothesis import strategies as st

from qmpshell.cli.arguments import Arguments, parse, qmp_shell
from qmpshell.cli.options import Options
from qmpshell.cli.words import has_options

WORDS = st.sampled_from(
    ["a.sock", "host:1", "demo", "{}", "query-status", "-v", "-N", "--", "-", "", "a=-b", "--yes"]
)


@given(st.lists(WORDS, max_size=4), st.booleans())
def test_what_has_no_options_means_the_same_without_click(args: list[str], address: bool) -> None:
    if not has_options(args):
        env = {"QMP_SOCKET": "vm.sock"} if address else {}
        assert parse(qmp_shell, args, env) == Arguments(Options(), tuple(args))


def test_the_defaults_are_those_of_the_options() -> None:
    assert parse(qmp_shell, ["--connect-timeout", "5", "a.sock"], {}) == Arguments(
        Options(), ("a.sock",)
    )
