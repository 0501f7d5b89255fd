#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: hostile.sh dat|text [OPTION...]	the campaign of `make hostile` over every capture's trace.dat, or over what trace-cmd
#					report prints of it; OPTIONs are those of build-san/tools/hostile
# Looks for captures where IRQPATH_CAPTURES says, else in samples/.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
hostile=${BUILD:-$top/build-san}/tools/hostile
captures=${IRQPATH_CAPTURES:-$top/../shared/captures}
what=$1
shift
[ -d "$captures" ] || captures=$top/samples
case $what in
dat)
	exec "$hostile" --rules "$top/rules.d" "$@" "$captures"/*/trace*.dat ;;
text)
	work=$(mktemp -d "${TMPDIR:-/tmp}/hostile.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	trap 'exit 130' INT TERM
	for file in "$captures"/*/trace.dat; do
		trace-cmd report "$file" >"$work/$(basename "$(dirname "$file")").txt" 2>/dev/null || :
	done
	find "$work" -name '*.txt' -empty -delete
	"$hostile" --rules "$top/rules.d" "$@" "$work"/*.txt ;;
*)
	sed -n '4,6s/^# //p' "$0" >&2
	exit 2 ;;
esac
