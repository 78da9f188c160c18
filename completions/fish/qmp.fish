# fish completion for qmp, written by scripts/write_completions.py

function _qmp_completion
    set -l program (string match -r -- '^(?:.*/)?qmp$' (commandline -opc))[1]
    test -n "$program"; or set program qmp
    set -l line (commandline -cp | string collect)
    env COMP_LINE="$line" _QMP_COMPLETE=fish_complete $program </dev/null 2>/dev/null
end

complete --no-files --keep-order --command qmp --arguments '(_qmp_completion)'
