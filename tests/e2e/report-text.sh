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

# many findings: all of them in short, the first in full
{
	sed -n '1p; /^signal/p' "$TOP/rules.d/cases/msix-left-masked/fires.events"
	for step in startup unmask enter exit mask; do
		for i in 0 1 2 3 4 5 6 7 8 9 10 11 12 13; do
			irq=$((100 + i)) entry="msix:0000:05:00.0[$i]"
			case $step in
			startup) echo "1.0 cpu0 irq.startup@shadow irq:$irq via=\"irq_startup\" state=0x10030200 depth=1 chip=\"PCI-MSI\"" ;;
			unmask) echo "1.1 cpu0 irq.unmask@shadow irq:$irq $entry via=\"pci_msi_unmask_irq\" state=0x10020200 ctrl=0x1" ;;
			enter) echo "2.0 cpu1 irq.enter@shadow irq:$irq via=\"irq_handler_entry\" name=\"eth7-$i\"" ;;
			exit) echo "2.1 cpu1 irq.exit@shadow irq:$irq via=\"irq_handler_exit\" ret=1" ;;
			mask) echo "3.0 cpu0/77/oops irq.mask@shadow irq:$irq $entry via=\"pci_msi_mask_irq\" state=0x10400200 ctrl=0x0" ;;
			esac
		done
	done
	echo '9 cpu0 mark@shadow text="the end"'
} >many.events
irqpath analyze -q --db many.db many.events >/dev/null || :
run irqpath analyze many.db
check "many findings: counted" sh -c 'head -n 1 out | grep -qx "14 errors"'
check "many findings: each has a line" [ "$(grep -cE '^  error   [0-9a-f]{8,}  msix-left-masked: msix:0000:05:00.0\[[0-9]+\] ' out)" -eq 14 ]
check "many findings: twelve are told" [ "$(grep -c '^error: msix-left-masked' out)" -eq 12 ]
check "many findings: what is left out is said" grep -q '^and 2 more: --verbose' out
run irqpath analyze -v many.db
check "many findings: --verbose tells all" [ "$(grep -c '^error: msix-left-masked' out)" -eq 14 ]
run irqpath analyze a.db
check "one finding: no list before it" [ "$(sed -n 4p out | cut -d: -f1)" = error ]

# who has seen enough closes the pipe
irqpath analyze a.db 2>pipe.err | head -n 1 >/dev/null || :
check "closed pipe: no message" [ ! -s pipe.err ]
# A snapshot tells that something is so, not since when; its records are lines; a tab in one is a blank.
printf '01:00.0 Non-Volatile memory controller: A Device\n\tCapabilities: [40] MSI-X: Enable+ Count=65 Masked+\n\tKernel driver in use: nvme\n' >lspci.txt
run irqpath analyze -q lspci.txt
expect "a snapshot that shows a fault" 1
check "since when is not known of it" grep -q '^  Since *not recorded: a snapshot is all there is$' out
check "a tab is shown as a blank" grep -q '#[0-9]* *Capabilities: \[40\] MSI-X' out
printf '%s\n' 'irqpath-events 1' '5.0 cpu0 mark@hardware text="x"' '9.0 cpu0 mark@hardware text="y"' >later.events
run irqpath analyze -q --at lspci.txt=start later.events lspci.txt
check "what a snapshot at the start shows began before" grep -q '^  Since *before the traces began$' out
run irqpath explain -q lspci.txt
check "its records are lines" grep -q 'lspci.txt: #[0-9]* at line 2,' out
finish
