# fish completion for qom-set, written by scripts/write_completions.py

function _qom_set_completion
    set -l program (string match -r -- '^(?:.*/)?qom-set$' (commandline -opc))[1]
    test -n "$program"; or set program qom-set
    set -l line (commandline -cp | string collect)
    env COMP_LINE="$line" _QOM_SET_COMPLETE=fish_complete $program </dev/null 2>/dev/null
end

complete --no-files --keep-order --command qom-set --arguments '(_qom_set_completion)'
