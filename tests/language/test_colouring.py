import pytest

from qmpshell.language import Kind, tokens

C, S, A, T = Kind.COMMAND, Kind.SHELL_COMMAND, Kind.ARGUMENT, Kind.OPTION
P, Q, N, K = Kind.PUNCTUATION, Kind.STRING, Kind.NUMBER, Kind.CONSTANT
B, X, E = Kind.BARE, Kind.COMMENT, Kind.ERROR

CASES = [
    ("", []),
    (" # no", [(X, "# no")]),
    ("->", [(X, "->")]),
    ("x a=b", [(C, "x"), (A, "a"), (P, "="), (B, "b")]),
    ("x a.0=", [(C, "x"), (A, "a.0"), (P, "=")]),
    ("x a=1 -1.5e3 +1", [(C, "x"), (A, "a"), (P, "="), (N, "1"), (N, "-1.5e3"), (N, "+1")]),
    ("x a=True null 01", [(C, "x"), (A, "a"), (P, "="), (K, "True"), (K, "null"), (B, "01")]),
    ("x =b", [(C, "x"), (P, "="), (B, "b")]),
    ("x 'a b' \"", [(C, "x"), (Q, "'a b'"), (Q, '"')]),
    ("x a='b'c", [(C, "x"), (A, "a"), (P, "="), (Q, "'b'"), (E, "c")]),
    ("x a='b c", [(C, "x"), (A, "a"), (P, "="), (Q, "'b c")]),
    ("x a=\"\\q\" b", [(C, "x"), (A, "a"), (P, "="), (Q, '"\\q"'), (B, "b")]),
    ("a=b c", [(E, "a=b"), (B, "c")]),
    ("x --dry-run --timeout 5", [(C, "x"), (T, "--dry-run"), (T, "--timeout"), (N, "5")]),
    ("x --timeout=5", [(C, "x"), (T, "--timeout"), (P, "="), (N, "5")]),
    ("x a={'b': [1]}", [(C, "x"), (A, "a"), (P, "="), (P, "{"), (A, "'b'"), (P, ":"), (P, "["),
                        (N, "1"), (P, "]}")]),
    ("x a=[1}2 b=1", [(C, "x"), (A, "a"), (P, "="), (P, "["), (N, "1"), (E, "}2"), (A, "b"),
                      (P, "="), (N, "1")]),
    ("x a=[\"b", [(C, "x"), (A, "a"), (P, "="), (P, "["), (Q, '"b')]),
    ("x json:{\"a\": 1}", [(C, "x"), (B, "json:{\"a\": 1}")]),
    ("x json:{] b", [(C, "x"), (B, "json:{"), (E, "]"), (B, "b")]),
    ("/he", [(S, "/he")]),
    ("/help  a b ", [(S, "/help"), (B, "a b")]),
    ("exit", [(S, "exit")]),
    ("!", [(S, "!")]),
    ("! ls  -l 'a ", [(S, "! ls"), (B, "-l 'a")]),
    ('-> {"execute" : "x", "id": null}', [
        (X, "->"), (P, "{"), (A, '"execute"'), (P, ":"), (Q, '"x"'),
        (P, ","), (A, '"id"'), (P, ":"), (K, "null"), (P, "}")]),
    ('{"a": tru', [(P, "{"), (A, '"a"'), (P, ":"), (B, "tru")]),
    ('{"a": "b', [(P, "{"), (A, '"a"'), (P, ":"), (Q, '"b')]),
    ('{"a": [1} 2 ', [(P, "{"), (A, '"a"'), (P, ":"), (P, "["), (N, "1"), (E, "} 2")]),
    ("{} x", [(P, "{}"), (E, "x")]),
    ("{} x --output table y", [(P, "{}"), (E, "x"), (T, "--output"), (B, "table"), (E, "y")]),
    ("{} --yes y\n# n\n|jq", [(P, "{}"), (T, "--yes"), (E, "y"), (X, "# n"), (E, "|jq")]),
    ("x a=1 | jq '.[]' ", [(C, "x"), (A, "a"), (P, "="), (N, "1"), (P, "|"), (B, "jq '.[]'")]),
    ("x|y a=|b >'c d' e", [(C, "x|y"), (A, "a"), (P, "="), (B, "|b"), (P, ">"), (Q, "'c d'"),
                           (E, "e")]),
    ("x >>f\n# no\ny", [(C, "x"), (P, ">>"), (B, "f"), (X, "# no"), (E, "y")]),
    ("> ", [(P, ">")]),
    ("{}>f", [(P, "{}"), (P, ">"), (B, "f")]),
    ("/help x |less", [(S, "/help"), (B, "x"), (P, "|"), (B, "less")]),
    ("/hmp p 5 | 3 | cat", [(S, "/hmp"), (B, "p 5 | 3"), (P, "|"), (B, "cat")]),
    ("/type a | b", [(S, "/type"), (B, "a | b")]),
    ("transaction( a ) | jq", [(C, "transaction"), (P, "("), (C, "a"), (P, ")"), (P, "|"),
                               (B, "jq")]),
    ("transaction( a b=1 ; c\n # d\n) e=2", [
        (C, "transaction"), (P, "("), (C, "a"), (A, "b"), (P, "="), (N, "1"), (P, ";"), (C, "c"),
        (X, "# d"), (P, ")"), (A, "e"), (P, "="), (N, "2")]),
    ("transaction (\na=1", [(C, "transaction"), (P, "("), (E, "a=1")]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "pieces"), CASES)
def test_the_pieces_of_a_text(text, pieces):
    assert [(token.kind, text[token.start : token.end]) for token in tokens(text)] == pieces
