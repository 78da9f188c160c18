# fish completion for qmp-list, written by scripts/write_completions.py

function _qmp_list_completion
    set -l program (string match -r -- '^(?:.*/)?qmp-list$' (commandline -opc))[1]
    test -n "$program"; or set program qmp-list
    set -l line (commandline -cp | string collect)
    env COMP_LINE="$line" _QMP_LIST_COMPLETE=fish_complete $program </dev/null 2>/dev/null
end

complete --no-files --keep-order --command qmp-list --arguments '(_qmp_list_completion)'
