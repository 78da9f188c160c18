"""The scripts that bash, zsh and fish load. They hand over the line up to the cursor.

Each line of the answer has fields with tabs between them. Whatever is installed under the
program's name, it gets no terminal to read from, and what it complains of isn't shown.
"""

from __future__ import annotations

#: A word is written by readline in place of ``$2``, which is only what stands behind the last
#: ``:`` or ``=``, so the answer is what comes behind that. ``sudo`` makes it the mark itself.
BASH = """\
# bash completion for %(prog_name)s, written by scripts/write_completions.py

%(complete_func)s() {
    local goes_on rest typed=$2
    [[ $typed == [:=] ]] && typed=
    COMPREPLY=()
    while IFS=$'\\t' read -r goes_on rest; do
        COMPREPLY+=("$typed$rest")
        [[ $goes_on == open ]] && compopt -o nospace
    done < <(
        COMP_LINE=${COMP_LINE:0:COMP_POINT} %(complete_var)s=bash_complete \\
            "${1/#\\~\\//$HOME/}" </dev/null 2>/dev/null
    )
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""

#: The answer is already quoted (``-Q``), and each word that fits goes on behind what is typed.
ZSH = """\
#compdef %(prog_name)s
# zsh completion for %(prog_name)s, written by scripts/write_completions.py

%(complete_func)s() {
    local line entry
    local -a lines fields whole open
    lines=("${(@f)$(
        COMP_LINE="${(j: :)words[1,CURRENT-1]} $QIPREFIX$IPREFIX$PREFIX" \\
            %(complete_var)s=zsh_complete "${words[1]/#\\~\\//$HOME/}" </dev/null 2>/dev/null
    )}")
    for line in $lines; do
        fields=("${(@ps:\\t:)line}")
        entry=$PREFIX$fields[2]
        entry=${entry//\\\\/\\\\\\\\}
        entry=${entry//:/\\\\:}${fields[3]:+:$fields[3]}
        if [[ $fields[1] == open ]]; then
            open+=("$entry")
        else
            whole+=("$entry")
        fi
    done
    _describe -V '%(prog_name)s' whole -Q -- open -Q -S ''
}

# Found in $fpath, this file is a function itself; otherwise it was sourced.
if [[ $zsh_eval_context[-1] == *func ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

#: fish wants whole words, and quotes them itself.
FISH = """\
# fish completion for %(prog_name)s, written by scripts/write_completions.py

function %(complete_func)s
    set -l program (string match -r -- '^(?:.*/)?%(prog_name)s$' (commandline -opc))[1]
    test -n "$program"; or set program %(prog_name)s
    set -l line (commandline -cp | string collect)
    env COMP_LINE="$line" %(complete_var)s=fish_complete $program </dev/null 2>/dev/null
end

complete --no-files --keep-order --command %(prog_name)s --arguments '(%(complete_func)s)'
"""
