#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: record-checks.sh	prints docs/checks.tsv: the invariants that the bounded check tested, and within which bounds
#
# As many states as there are is what makes it a proof: times are left out, they are not the same on any two machines.
set -eu

printf '# written by make trust\n'
printf 'check\tbounds\tinvariant\tresult\tstates\tdepth\n'
irqpath model check -q --format json | jq -r '.checks[] | . as $c | .invariants[] |
	[$c.path, "\($c.devices) x \($c.vectors), \($c.cpus) CPUs", ., (if $c.violated == . then "violated" else $c.outcome end),
	 $c.states, $c.depth] | @tsv'
