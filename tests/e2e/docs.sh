#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The pages of docs/ say what the program's tables say, and their examples work.
set -eu
. "$TOP/tests/e2e/lib.sh"

generated() {
	"$BUILD/tools/gendocs" "$TOP/docs/$1.md" >new.md 2>err && diff -u "$TOP/docs/$1.md" new.md >>err
}

for page in captures events formats model objects rules schema; do
	if generated $page; then
		ok "docs/$page.md is up to date"
	else
		not_ok "docs/$page.md is up to date" "run: make docs" "$(cat err)"
	fi
done

# The indented block that begins with the format's name, and the lost event of the text.
sed -n '/^    irqpath-events 1$/,/^$/s/^    //p' "$TOP/docs/events.md" >example.events
sed -n 's/^Lost records are an event: `\([^`]*\)`.*/\1/p' "$TOP/docs/events.md" | sed 's/^[0-9.]* /33 /' >>example.events
events=$(grep -c '^[0-9]' example.events)
run irqpath analyze -q --db example.db example.events
understood() { [ "$status" -ne 3 ] && [ ! -s err ]; }
check "example of docs/events.md: every line is understood" understood
check "example of docs/events.md: five events" [ "$events" -eq 5 ]
check "example of docs/events.md: all are there" \
	[ "$(irqpath query example.db 'select count(*) from event' | tail -n 1)" = "$events" ]

# Columns of a table as docs/schema.md lists them.
documented() { sed -n "/^### $1\( \|\$\)/,/^##/s/^| \`\([a-z0-9_]*\)\` .*/\1/p" "$TOP/docs/schema.md"; }
for table in event delivery source finding; do
	documented $table >documented.txt
	irqpath query example.db "select name from pragma_table_info('$table')" | tail -n +2 >real.txt
	check "docs/schema.md: columns of $table" cmp documented.txt real.txt
done

sed -n 's/^    irqpath query out.db "\(.*\)"$/\1/p' "$TOP/docs/schema.md" >queries.txt
check "docs/schema.md: has queries" [ -s queries.txt ]
while read -r query; do
	run irqpath query example.db "$query"
	expect "docs/schema.md: $query" 0
done <queries.txt
finish
