# fish completion for qmp-shell, written by scripts/write_completions.py

function _qmp_shell_completion
    set -l program (string match -r -- '^(?:.*/)?qmp-shell$' (commandline -opc))[1]
    test -n "$program"; or set program qmp-shell
    set -l line (commandline -cp | string collect)
    env COMP_LINE="$line" _QMP_SHELL_COMPLETE=fish_complete $program </dev/null 2>/dev/null
end

complete --no-files --keep-order --command qmp-shell --arguments '(_qmp_shell_completion)'
