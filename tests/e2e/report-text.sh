#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The text report: what stands where, how it fits a screen, when it has colour.
set -eu
. "$TOP/tests/e2e/lib.sh"
command -v script >/dev/null || { echo "script is not installed"; exit 77; }
sample=$TOP/samples/msix-left-masked-kfn/trace.dat
# a short name: paths are not wrapped
cp "$sample" s.dat
irqpath analyze -q --db a.db s.dat >/dev/null || :

# on_terminal COLUMNS COMMAND: runs it on a pseudo-terminal, what it printed in screen
on_terminal() {
	columns=$1
	shift
	TERM=xterm NO_COLOR="${WITH_COLOUR:+}${WITHOUT_COLOUR:+1}" script -qec "stty cols $columns; $*" /dev/null </dev/null |
		tr -d '\r' >screen
}
escape=$(printf '\033')
no_longer_than() { awk -v max="$1" 'length($0) > max { print; bad = 1 } END { exit bad }' "$2"; }

WITHOUT_COLOUR=1
for columns in 50 80 118; do
	on_terminal $columns irqpath analyze a.db
	# a single word may be wider than a narrow screen, as the path of a capture is
	check "$columns columns: no line is longer" no_longer_than $((columns < 60 ? 60 : columns)) screen
	check "$columns columns: it is the report" grep -q '^1 error$' screen
	check "$columns columns: NO_COLOR is heeded" sh -c "! grep -q '$escape' screen"
done
WITHOUT_COLOUR= WITH_COLOUR=1
on_terminal 80 irqpath analyze a.db
check "on a terminal: colour" grep -q "^$escape\[1;31m1 error" screen
on_terminal 80 env TERM=dumb irqpath analyze a.db
check "on a dumb terminal: none" sh -c "! grep -q '$escape' screen"

run env -u NO_COLOR TERM=xterm irqpath analyze a.db
expect "into a file: findings" 1
check "into a file: no colour" sh -c "! grep -q '$escape' out"
check "into a file: 100 columns" no_longer_than 120 out
check "the verdict comes first" sh -c 'head -n 1 out | grep -qx "1 error"'

check "what, since when, who, evidence, what to do, in this order" \
	sh -c 'tr "\n" " " <out | grep -q "error: .* Since .* Who .* Evidence .* cause .* What to do .* Look closer .* Could not be judged .*\
 To settle it: .* Not recorded .* Judged .* Sources"'

# the command that looks closer can be copied, whatever the file is called
mkdir "a folder; it's"
cp "$sample" "a folder; it's/trace.dat"
run irqpath analyze -q "a folder; it's/trace.dat"
sed -n 's/^  Look closer *//p' out >closer
check "look closer: there is a command" [ -s closer ]
run sh closer
expect "look closer: it works" 0
check "look closer: it is about the entry" grep -q 'msix:0000:00:03.0\[2\]' out

run irqpath analyze -q a.db
check "--quiet: headline and findings only" sh -c 'grep -q "^error: msix-left-masked" out && ! grep -qE "^(Judged|Sources|Could)" out'
run irqpath analyze -v a.db
check "--verbose: how to record what is missing" sh -c 'grep -A 2 "^  bus-master-off" out | grep -q "To settle it: record pci.command@shadow"'

# a rule that judges alone among many is not a clean bill
printf 'irqpath-events 1\nsignal irq.enter@shadow complete\nsignal irq.exit@shadow complete\n' >thin.events
for i in 1 2 3 4 5; do printf '%d cpu0 irq.enter@shadow irq:5\n%d.1 cpu0 irq.exit@shadow irq:5 ret=1\n' $i $i; done >>thin.events
run irqpath analyze thin.events
expect "thin capture: judged" 0
check "thin capture: the headline says how thin" sh -c 'head -n 1 out | grep -q "most rules had nothing to judge by"'

# who has seen enough closes the pipe
irqpath analyze a.db 2>pipe.err | head -n 1 >/dev/null || :
check "closed pipe: no message" [ ! -s pipe.err ]
finish
