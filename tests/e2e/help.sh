#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the program tells about itself: commands, topics, and what to do after a mistake.
set -eu
. "$TOP/tests/e2e/lib.sh"

run irqpath help
expect "help" 0
cp out overview
sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' overview >commands
sed -n '/^Topics/,/^$/s/^  \([a-z]*\) .*/\1/p' overview >topics
check "help lists the commands" [ "$(wc -l <commands)" -ge 9 ]
check "help lists the topics" [ "$(wc -l <topics)" -ge 9 ]
run irqpath --help
check "--help is the same" cmp out overview
run irqpath -h
check "-h is the same" cmp out overview

while read -r command; do
	run irqpath help "$command"
	expect "help $command" 0
	check "help $command begins with its usage" sh -c "head -n 1 out | grep -q '^Usage: irqpath $command'"
	run irqpath "$command" --help
	expect "$command --help" 0
	run irqpath "$command" --help=table
	check "$command --help=table: synopsis and options" sh -c "grep -q '^synopsis	$command' out && grep -q '^option	h	help		' out"
	run irqpath "$command" --no-such-option
	expect "$command with a wrong option" 2
	check "$command with a wrong option: says which, and where help is" \
		sh -c "grep -q no-such-option err && grep -q \"irqpath $command --help\" err"
done <commands

while read -r topic; do
	run irqpath help "$topic"
	expect "help $topic" 0
	check "help $topic is a page" [ "$(wc -l <out)" -ge 20 ]
	check "help $topic: no marks are left" sh -c "! grep -nE '^#|<!--|\`|\*\*|^\| ' out"
	# what stands in code, and tables' first columns, may be wider
	check "help $topic: fits" [ "$(grep -v '^    ' out | awk 'length($0) > 100' | wc -l)" -eq 0 ]
done <topics

run irqpath help nonsense
expect "help nonsense" 2
check "help nonsense: says where the list is" grep -q "'irqpath help'" err
run irqpath nonsense
expect "an unknown command" 2
check "an unknown command: says where the list is" grep -q "'irqpath help'" err

# after a mistake: what to do next
says() { name=$1 text=$2; shift 2; run irqpath "$@"; check "$name" grep -qF -- "$text" err; }
says "a command that is nearly one" "did you mean 'analyze'?" analyse
says "an option that is nearly one" "did you mean '--format'?" stats --formt csv
says "a rule that is not there" "'irqpath rules list'" analyze --rule nope "$TOP/samples/baremetal-good/trace.dat"
echo hello >letter
says "a file of no known format" "'irqpath help formats'" analyze letter
check "a file of no known format: the report says so, too" grep -q "'irqpath help formats'" out
says "no database" "'irqpath analyze --db FILE'" replay letter
says "a column that is not there" "'irqpath help schema'" query "$TOP/samples/baremetal-good/trace.dat" 'SELECT nope FROM event'
says "an object that is not there" "'irqpath stats'" path "$TOP/samples/baremetal-good/trace.dat" irq:99
# a source's messages are in the report with their place, the first of many
{ echo 'irqpath-events 1'; for i in 1 2 3 4 5 6 7 8 9; do echo "$i nonsense"; done; } >bad.events
run irqpath analyze -q bad.events
expect "lines that cannot be understood" 3
run irqpath analyze bad.events
check "messages of a source: with their lines" grep -q '^    error: line 2: ' out
check "messages of a source: not all of them" grep -q 'and 1 more (--verbose shows all)' out
run irqpath analyze -v bad.events
check "messages of a source: all of them with --verbose" grep -q '^    error: line 10: ' out
finish
