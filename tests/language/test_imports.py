import subprocess
import sys

SCRIPT = """
import sys
from qmpshell.language import bind, parse
bind(parse("x a=1 b=[1]"))
print(*sorted(name for name in sys.modules if name.startswith("qmpshell.language.")))
print("difflib" in sys.modules)
"""


def test_a_command_that_is_run_once_imports_nothing_that_a_prompt_needs():
    run = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    modules, difflib = run.stdout.splitlines()
    assert "qmpshell.language.parser" in modules.split()
    for name in ("colouring", "cursor", "expectation", "json_cursor", "python_literals"):
        assert f"qmpshell.language.{name}" not in modules.split()
    assert difflib == "False"
