#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# usage: record-captures.sh	prints docs/captures.tsv: what of the model real captures meet, one by one and together
#
# The bundled samples, and those at IRQPATH_CAPTURES that are there. irqpath is found in PATH.
set -eu
TOP=$(cd "$(dirname "$0")/../.." && pwd)
IRQPATH_CAPTURES=${IRQPATH_CAPTURES:-$TOP/../shared/captures}

good='baremetal-good-tcg baremetal-good-kvm ioapic-good-tcg level-oneshot-good split-irqchip-good-linux msi-storm'
faulty='msix-left-masked msix-left-masked-kfn level-missing-eoi level-left-masked irq-storm-level'

# row NAME KIND FILE...: of "all", the line of all sections and the number of unexpected steps
row() {
	name=$1 kind=$2; shift 2
	irqpath model coverage -q "$@" 2>/dev/null | awk -v name="$name" -v kind="$kind" '
		$1 == "all" { modelled = $3; met = $9 }
		/^Unexpected steps:/ { unexpected = $3 }
		END { printf "%s\t%s\t%d\t%d\t%d\n", name, kind, modelled, met, unexpected }'
}

# rows KIND NAME...
rows() {
	kind=$1; shift
	files=
	for name; do
		file=$IRQPATH_CAPTURES/$name/trace.dat
		[ -f "$file" ] || file=$TOP/samples/$name/trace.dat
		[ -f "$file" ] || continue
		row "$name" "$kind" "$file"
		files="$files $file"
	done
	# shellcheck disable=SC2086 # names of captures hold no blanks
	row all "$kind" $files
}

printf '# written by make trust\n'
printf 'capture\tkind\tmodelled\tmet\tunexpected\n'
# shellcheck disable=SC2086
rows good baremetal-good $good
# shellcheck disable=SC2086
rows faulty $faulty
