#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Manual pages and completion: every command, option and topic is there, and the tools that show them have no complaint.
set -eu
. "$TOP/tests/e2e/lib.sh"
man=$BUILD/man completion=$BUILD/completion
for tool in mandoc man zsh bash; do
	command -v $tool >/dev/null || { echo "$tool is not installed"; exit 77; }
done

irqpath help >overview
sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' overview >commands
sed -n '/^Topics/,/^$/s/^  \([a-z]*\) .*/\1/p' overview >topics

# a page as text, one long line a paragraph, without bold and underlined letters
shown() { LC_ALL=C.UTF-8 MANPAGER=cat MANWIDTH=10000 man -l "$1" 2>/dev/null | col -b; }

there() { if grep -qF -- "$2" "$3"; then ok "$1"; else not_ok "$1" "not there: $2"; fi; }

# every option of a command
options_of() { irqpath "$1" --help=table | sed -n 's/^option	\([^	]*\)	\([^	]*\)	.*/\1 \2/p'; }

shown "$man/irqpath.1" >overview.txt
while read -r command; do
	shown "$man/irqpath-$command.1" >page.txt
	there "irqpath.1: $command" "irqpath-$command(1)" overview.txt
	options_of "$command" >options.txt
	lacking=
	while read -r letter name; do
		# an option that has no letter is one word
		[ -n "$name" ] || { name=$letter; letter=; }
		grep -qE "^ +${letter:+-$letter, }--$name( |\$)" page.txt || lacking="$lacking $name"
	done <options.txt
	if [ -z "$lacking" ]; then
		ok "irqpath-$command.1: $(wc -l <options.txt) options"
	else
		not_ok "irqpath-$command.1: options" "not there:$lacking"
	fi
	irqpath "$command" --help=table | sed -n 's/^synopsis	\([a-z]*\) .*/irqpath \1/p' >synopsis.txt
	there "irqpath-$command.1: synopsis" "$(cat synopsis.txt)" page.txt
done <commands
while read -r topic; do
	there "irqpath.1: $topic" "irqpath-$topic(" overview.txt
	check "irqpath-$topic: has a page" sh -c "ls $man/irqpath-$topic.[57]"
	shown "$(ls "$man"/irqpath-"$topic".[57])" >page.txt
	check "irqpath-$topic: every section of docs/$topic.md" sh -c "
		sed -n 's/^## //p' '$TOP/docs/$topic.md' | tr -d '\`' | while read -r title; do
			grep -qixF \"\$title\" page.txt || exit 1
		done"
done <topics
# what the tables have is in the pages that are made of them
shown "$man/irqpath-events.5" >page.txt
check "irqpath-events.5: every kind" [ "$(sed -n 's/^	X([A-Z0-9_]*, "\([a-z_.0-9]*\)", [A-Z]*, (.*/\1/p' "$TOP/src/core/event_table.h" |
	while read -r kind; do grep -qE "^ +$kind( |\$)" page.txt || echo "$kind"; done | wc -l)" -eq 0 ]
shown "$man/irqpath-schema.5" >page.txt
check "irqpath-schema.5: every column of finding" [ "$(irqpath query "$TOP/samples/baremetal-good/trace.dat" \
	"SELECT name FROM pragma_table_info('finding')" | tail -n +2 |
	while read -r column; do grep -qE "^ +$column( |\$)" page.txt || echo "$column"; done | wc -l)" -eq 0 ]

mandoc -Tlint -Wwarning "$man"/*.[157] >lint 2>&1 || :
check "mandoc has no warning" [ ! -s lint ]
[ ! -s lint ] || head -n 10 lint
: >warnings
for page in "$man"/*.[157]; do
	LC_ALL=C.UTF-8 MANPAGER=cat MANWIDTH=80 man --warnings=all -l "$page" 2>>warnings >narrow.txt
	grep -qE '\\f|\\&|\*\*' narrow.txt && echo "$page: marks are left" >>warnings
done
check "man has no warning" [ ! -s warnings ]
[ ! -s warnings ] || head -n 10 warnings

# bash: ask COMP_WORDS...: the replies for the last word, a line each
ask() {
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _irqpath; printf "%s\n" "${COMPREPLY[@]}"' \
		ask "$completion/irqpath" "$@" | sed '/^$/d' | sort
}
for word in $(cat commands); do
	check "bash: $word" [ "$(ask irqpath "$word")" = "$word" ]
	options_of "$word" | sed 's/.* /--/; s/^\([a-z]\)/--\1/' | sort >want
	ask irqpath "$word" -- >got
	check "bash: options of $word" cmp want got
done
mkdir "a folder"
: >"a folder/a file.dat"
check "bash: words of an option" [ "$(ask irqpath analyze --format j)" = json ]
check "bash: of a letter" [ "$(ask irqpath stats -f c)" = csv ]
check "bash: behind an equals sign" [ "$(ask irqpath analyze --fail-on = w)" = warning ]
check "bash: rules" [ "$(ask irqpath analyze --rule msix-l)" = msix-left-masked ]
check "bash: subcommands" [ "$(ask irqpath rules e)" = explain ]
check "bash: of a subcommand" [ "$(ask irqpath rules explain irq-s)" = irq-storm ]
check "bash: components" [ "$(ask irqpath model dot msix_e)" = msix_entry ]
check "bash: topics" [ "$(ask irqpath help tut)" = tutorial ]
check "bash: files with blanks" [ "$(ask irqpath analyze "a folder/")" = "a folder/a file.dat" ]
check "bash: folders only" [ "$(ask irqpath analyze --rules a)" = "a folder" ]

# zsh: what is handed to its own functions
arguments() {
	zsh -fc '_arguments() { print -rl -- "$@" }; _describe() { print -rl -- "${(P@)2}" }
		source "$1"; shift; words=("$@"); CURRENT=$#; _irqpath' zsh zsh_functions "$@" 2>err
}
# without the last line, which runs it at once
sed '$d' "$completion/_irqpath" >zsh_functions
check "zsh: it is the last line" [ "$(tail -n 1 "$completion/_irqpath")" = '_irqpath "$@"' ]
arguments irqpath '' >got
check "zsh: all commands" [ "$(sed 's/:.*//' got)" = "$(cat commands)" ]
for word in $(cat commands); do
	arguments irqpath "$word" '' | sed -n 's/^\*--\([a-z-]*\)=*\[.*/\1/p' | sort >got
	options_of "$word" | sed 's/.* //' | sort >want
	check "zsh: options of $word" cmp want got
done
finish
