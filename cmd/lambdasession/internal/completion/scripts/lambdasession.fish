# Completion of lambdasession for fish. For this shell:
#
#   lambdasession completion fish | source
#
# For every new one:
#
#   lambdasession completion fish > ~/.config/fish/completions/lambdasession.fish

function __lambdasession_complete
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l program (string replace -r '^~' $HOME -- $words[1])
    set -l found ($program completion words $words[2..-1] "$typed" 2>/dev/null)
    if string match -q -- ":files*" $found[1]
        set -l before (string match -r -- '^--[^=]*=' "$typed")
        for path in (__fish_complete_path (string replace -r -- '^--[^=]*=' '' "$typed"))
            echo "$before$path"
        end
        return
    end
    printf '%s\n' $found
end

complete -c lambdasession -f -a '(__lambdasession_complete)'
