#compdef lambdasession
# Completion of lambdasession for zsh. For this shell:
#
#   eval "$(lambdasession completion zsh)"
#
# For every new one, put that line into ~/.zshrc, after compinit.

_lambdasession() {
	local -a suggestions
	local line
	for line in "${(@f)$(${~words[1]} completion words "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
		case $line in
		:files*)
			compset -P '--*='
			_files
			return
			;;
		?*)
			suggestions+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
			;;
		esac
	done
	_describe 'lambdasession' suggestions
}

if [[ ${funcstack[1]} == _lambdasession ]]; then
	_lambdasession "$@" # a file in $fpath
else
	compdef _lambdasession lambdasession
fi
