# fish completion for qmp-shell-wrap, written by scripts/write_completions.py

function _qmp_shell_wrap_completion
    set -l program (string match -r -- '^(?:.*/)?qmp-shell-wrap$' (commandline -opc))[1]
    test -n "$program"; or set program qmp-shell-wrap
    set -l line (commandline -cp | string collect)
    env COMP_LINE="$line" _QMP_SHELL_WRAP_COMPLETE=fish_complete $program </dev/null 2>/dev/null
end

complete --no-files --keep-order --command qmp-shell-wrap --arguments '(_qmp_shell_wrap_completion)'
