# fish completion for qom-tree, written by scripts/write_completions.py

function _qom_tree_completion
    set -l program (string match -r -- '^(?:.*/)?qom-tree$' (commandline -opc))[1]
    test -n "$program"; or set program qom-tree
    set -l line (commandline -cp | string collect)
    env COMP_LINE="$line" _QOM_TREE_COMPLETE=fish_complete $program </dev/null 2>/dev/null
end

complete --no-files --keep-order --command qom-tree --arguments '(_qom_tree_completion)'
