#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A compressed capture gives the same report as the capture, whatever its name; a cut one gives what is left and says so.
set -eu
. "$TOP/tests/e2e/lib.sh"

for tool in gzip xz zstd; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed"; exit 77; }
done
cp "$TOP/samples/msix-left-masked-kfn/trace.dat" capture
run irqpath analyze capture
want=$status
mv out want.txt
cp capture original
for tool in gzip xz zstd; do
	$tool -c <original >capture
	run irqpath analyze capture
	expect "$tool: exit status of the capture itself" "$want"
	check "$tool: report of the capture itself" cmp out want.txt
	check "$tool: no temporary file is left" test -z "$(find "${TMPDIR:-/var/tmp}" -maxdepth 1 -name 'irqpath-*' -newer original 2>/dev/null)"
done

# Both kinds of capture at once, and evidence text that is fetched from the unpacked file afterwards.
run irqpath analyze --db kept.db capture
run irqpath analyze kept.db
check "evidence of an unpacked capture is in the database" grep -q 'msi_mask' out

for tool in gzip xz zstd; do
	$tool -c <original >whole
	head -c $(($(wc -c <whole) * 9 / 10)) whole >capture
	run irqpath analyze capture
	expect "$tool, cut: exit status" 3
	check "$tool, cut: says where" grep -q "capture:0x[0-9a-f]*: error: $tool data ends early" err
done

# Text is kept as far as it goes.
{ echo 'irqpath-events 1'; i=0; while [ $i -lt 20000 ]; do echo "$i cpu0 irq.enter@shadow irq:$((i * 7 % 61))"; i=$((i + 1)); done; } >events
gzip -c <events | head -c 20000 >capture
run irqpath query capture "SELECT count(*) > 1000 FROM event"
expect "cut text: exit status" 3
check "cut text: what is left is kept" grep -q '^ *1' out
finish
