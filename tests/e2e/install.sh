#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An installed program finds its rules and its extension works in the sqlite3 shell; uninstall leaves nothing behind.
set -eu
. "$TOP/tests/e2e/lib.sh"
if sanitized; then echo "only the plain build is installed"; exit 77; fi
prefix=$PWD/usr

make_in_tree() { env -u MAKEFLAGS -u MAKELEVEL -u MAKEOVERRIDES make -C "$TOP" "$@"; }

run make_in_tree install PREFIX="$prefix"
expect "install" 0
irqpath rules list >tree.txt
run env -C / "$prefix/bin/irqpath" rules list
expect "installed: rules list" 0
check "installed: the same rules as in the tree" cmp tree.txt out
check "installed: its own copy of them" grep -qaF "$prefix/share/irqpath/rules.d" "$prefix/bin/irqpath"
"$prefix/bin/irqpath" analyze -q --db a.db "$TOP/samples/baremetal-good/trace.dat" >/dev/null
kept=$(sqlite3 a.db 'select sum(kept) from source')
run sqlite3 a.db -cmd ".load $prefix/lib/irqpath/irqpath_sqlite" 'select count(*) from event'
expect "extension: loads" 0
check "extension: every event is a row" [ "$(cat out)" -ge "$kept" ]
check "installed: manual pages" [ "$(find "$prefix/share/man" -name 'irqpath*.[157]' | wc -l)" -eq \
	$((1 + $(irqpath help | grep -cE '^  [a-z]+  +[a-z]'))) ]
check "installed: completion for bash" bash -n "$prefix/share/bash-completion/completions/irqpath"
check "installed: completion for zsh" grep -q '^#compdef irqpath' "$prefix/share/zsh/site-functions/_irqpath"
run make_in_tree uninstall PREFIX="$prefix"
expect "uninstall" 0
check "uninstall: nothing is left" [ -z "$(find "$prefix" -type f)" ]
finish
