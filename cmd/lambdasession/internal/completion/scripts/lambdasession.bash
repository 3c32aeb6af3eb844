# Completion of lambdasession for bash, 3.2 or newer. For this shell:
#
#   eval "$(lambdasession completion bash)"
#
# For every new one, put that line into ~/.bashrc.

_lambdasession() {
	local i last=0 line word words=()
	local program=${COMP_WORDS[0]/#\~/$HOME}
	# Bash takes --flag=value for three words.
	for ((i = 1; i <= COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if ((last)) && [[ $word == = || ${COMP_WORDS[i - 1]} == = ]]; then
			words[last - 1]+=$word
		else
			words[last++]=$word
		fi
	done
	COMPREPLY=()
	compopt +o default 2>/dev/null # not there before bash 4
	while IFS= read -r line; do
		word=${line%%$'\t'*}
		if [[ $word == :files ]]; then
			compopt -o default 2>/dev/null
			return
		fi
		if [[ ${COMP_WORDS[COMP_CWORD]} == = || ${COMP_WORDS[COMP_CWORD - 1]} == = ]]; then
			word=${word#*=}
		fi
		COMPREPLY+=("$word")
	done < <("$program" completion words "${words[@]}" 2>/dev/null)
}

complete -o default -F _lambdasession lambdasession
