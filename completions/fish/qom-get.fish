# fish completion for qom-get, written by scripts/write_completions.py

function _qom_get_completion
    set -l program (string match -r -- '^(?:.*/)?qom-get$' (commandline -opc))[1]
    test -n "$program"; or set program qom-get
    set -l line (commandline -cp | string collect)
    env COMP_LINE="$line" _QOM_GET_COMPLETE=fish_complete $program </dev/null 2>/dev/null
end

complete --no-files --keep-order --command qom-get --arguments '(_qom_get_completion)'
