# fish completion for qom-list, written by scripts/write_completions.py

function _qom_list_completion
    set -l program (string match -r -- '^(?:.*/)?qom-list$' (commandline -opc))[1]
    test -n "$program"; or set program qom-list
    set -l line (commandline -cp | string collect)
    env COMP_LINE="$line" _QOM_LIST_COMPLETE=fish_complete $program </dev/null 2>/dev/null
end

complete --no-files --keep-order --command qom-list --arguments '(_qom_list_completion)'
