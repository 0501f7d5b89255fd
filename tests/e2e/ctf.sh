#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# CTF against babeltrace2's own reading: events by name, and how many were discarded. A hand-written trace, captures that are
# not bundled, and where LTTng can run, one that it makes of a program with QEMU's tracepoints whose buffers overflow.
set -eu
. "$TOP/tests/e2e/lib.sh"
command -v babeltrace2 >/dev/null || { echo "babeltrace2 is not installed"; exit 77; }

# "count name" of each kind, of both.
theirs() {
	babeltrace2 --no-delta "$1" 2>warnings | awk '{ sub(/: \{.*/, ""); sub(/: *$/, ""); count[$NF]++ } END { for (name in count) print count[name], name }'
}
ours() { irqpath query -q "$1" 'SELECT count, name FROM record_kind' | tail -n +2 | tr '\t' ' ' | LC_ALL=C sort -k 2; }
their_losses() { sed -n 's/.*Tracer discarded \([0-9]*\) events\{0,1\} .*/\1/p' warnings | awk '{ n += $1 } END { print n + 0 }'; }

compare() {
	theirs "$1" | LC_ALL=C sort -k 2 >theirs
	if ! ours "$1" >ours 2>err; then
		not_ok "$2 is read" "$(cat err)"
	elif diff theirs ours >difference; then
		ok "$2: $(awk '{ n += $1 } END { print n }' ours) events as babeltrace2 counts them"
	else
		not_ok "$2: events as babeltrace2 counts them" "$(cat difference)"
	fi
	lost=$(irqpath query -q "$1" 'SELECT lost FROM source' 2>/dev/null | tail -n 1)
	if [ "$lost" = "$(their_losses)" ]; then ok "$2: $lost lost"; else not_ok "$2: lost" "$lost, not $(their_losses)"; fi
}

compare "$TOP/tests/cases/ctf/trace" "hand-written trace"
# The count of the second packet's losses is at byte 141; of one, babeltrace2 speaks in the singular.
cp -r "$TOP/tests/cases/ctf/trace" one-lost
printf '\001' | dd of=one-lost/channel0_0 bs=1 seek=141 conv=notrunc 2>/dev/null
compare "$PWD/one-lost" "hand-written trace, one lost"
for dir in "$IRQPATH_CAPTURES"/../external/*/; do
	[ ! -f "$dir/metadata" ] || compare "${dir%/}" "$(basename "$dir")"
done

make_lttng() {
	cp "$TOP"/tests/lttng/* .
	gcc -I. -o app app.c -llttng-ust -ldl >build.txt 2>&1 || { reason="lttng-ust's headers are not installed"; return 1; }
	export LTTNG_HOME="$PWD/home" HOME="$PWD/home"
	mkdir -p "$HOME"
	# In a session of its own: it ends all of its process group with itself.
	setsid lttng-sessiond --no-kernel >sessiond.txt 2>&1 &
	daemon=$!
	i=0
	until lttng list >/dev/null 2>&1; do
		i=$((i + 1))
		[ $i -lt 50 ] && kill -0 $daemon 2>/dev/null || { reason="lttng-sessiond does not start: $(tail -n 1 sessiond.txt)"; return 1; }
		sleep 0.1
	done
	reason="lttng refuses"
	lttng create irqpath --output="$PWD/lttng" && lttng enable-channel --userspace --subbuf-size=4096 --num-subbuf=2 --discard c &&
		lttng add-context --userspace --channel=c --type=vtid && lttng enable-event --userspace --channel=c 'qemu:*' &&
		lttng start && ./app 200000 && lttng stop && lttng destroy
}

daemon=''
if ! command -v lttng-sessiond >/dev/null; then
	skip "LTTng's trace" "lttng-tools are not installed"
elif make_lttng >lttng.txt 2>&1; then
	compare "$PWD/lttng" "LTTng's trace"
	irqpath query -q lttng "SELECT kind, count(*) > 0 AS any FROM event WHERE kind IN ('ioapic.line', 'pci.command') GROUP BY kind" >kinds
	check "QEMU's events in it" grep -q 'ioapic.line	1' kinds
else
	skip "LTTng's trace" "$reason"
fi
[ -z "$daemon" ] || { kill $daemon 2>/dev/null; wait $daemon 2>/dev/null; } || :
finish
