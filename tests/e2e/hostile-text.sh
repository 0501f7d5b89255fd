#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Text that a capture, a file's name or a rule carries cannot do harm where it comes out: no escape sequence, no character
# that reorders or hides text, no invalid UTF-8 reaches a terminal; JSON, CSV and SQL stay what they are; and nothing of it
# is lost on the way into the database.
set -eu
. "$TOP/tests/e2e/lib.sh"
command -v jq >/dev/null || { echo "jq is not installed"; exit 77; }

# What they are told by: the escapes of events text and of task names, which are bytes.
# ESC ] 0 ; … BEL sets a title, ESC [ 31 m colours, 0x9b is CSI in eight bits, then U+009B in UTF-8, U+202E reorders,
# U+200B hides, invalid UTF-8, quotes, line ends, a formula, a tag of HTML
evil='\x1b]0;owned\x07\x1b[31m\x9b2J\xc2\x9b1m\xe2\x80\xae\xe2\x80\x8b\xff\xc3\x28\xed\xa0\x80\"'"'"';--\x0d\x0a<b>&|'
task='%1b%5d0%3bowned%07%c2%9b1m%e2%80%ae%ff%22%27%3b--%0a,'
export evil task
awk '
	function put(from, to) {
		at = index($0, from)
		if (at) $0 = substr($0, 1, at - 1) to substr($0, at + length(from))
	}
	{
		put("cpu0/77/oops", "cpu0/77/=1+1" ENVIRON["task"])
		put("name=\"eth7-tx-0\"", "name=\"=cmd()" ENVIRON["evil"] "\"")
		put("name=\"eth7-rx-0\"", "name=\"@SUM(1)" ENVIRON["evil"] "\"")
		print
	}
	END {
		print "6 cpu0/9/" ENVIRON["task"] " mark@shadow text=\"+1" ENVIRON["evil"] "\""
		print "6.1 cpu0 irq.enter@shadow irq:40 via=\"" ENVIRON["evil"] "\""
		# lines that are reported, the second with its text
		print "6.2 cpu0 nonsense\033[31m@shadow"
		print "6.3 cpu0 nonsense\342\200\256\377@shadow"
	}' "$TOP/rules.d/cases/msix-left-masked/fires.events" >plain.events
# its file's name does the same
file=$(printf 'cap\033]0;owned\a\033[31m\342\200\256\377"; rm -rf \047$(x) =1.events')
cp plain.events "$file"

# harmless FILE: what of it is not: control characters but line ends and tabs, invalid UTF-8, what reorders or hides
C1=$(printf '\302[\200-\237]') BIDI=$(printf '\342\200[\213-\217\250-\256]\\|\342\201[\240-\257]\\|\330\234\\|\357\273\277')
harmless() {
	LC_ALL=C tr -d '\n\t\040-\176\200-\377' <"$1" | od -An -c | head -n 3
	iconv -f UTF-8 -t UTF-8 "$1" >/dev/null 2>found || head -n 1 found
	LC_ALL=C grep -n "$C1\|$BIDI" "$1" | head -n 3 || :
}
safe() {
	name=$1
	shift
	status=0
	"$@" >out 2>err </dev/null || status=$?
	tr -d '\r' <out >out.lf
	wrong="$(harmless out.lf)$(harmless err)"
	if [ "$status" -le 4 ] && [ -z "$wrong" ]; then ok "$name"; else not_ok "$name" "exit status $status" "$wrong"; fi
}

is_json() { jq -e "$1" out >/dev/null; }

# the checker itself
for bytes in '\033[31m' '\302\2331m' '\342\200\256' '\377' 'a\007'; do
	printf "x $bytes y\n" >bad
	check "checker: finds $bytes" [ -n "$(harmless bad)" ]
done
printf 'tab\tand \303\244\n' >good
check "checker: finds nothing in good text" [ -z "$(harmless good)" ]

irqpath analyze -q --db a.db "$file" >/dev/null 2>&1 || :
labels=$(irqpath query a.db "SELECT count(*) FROM object WHERE label LIKE '=cmd()%owned%<b>%'" | tail -n 1)
check "the names are in the database, whole" [ "$labels" -ge 1 ]
check "there is a finding" [ "$(irqpath query a.db "SELECT count(*) FROM finding WHERE rule = 'msix-left-masked'" | tail -n 1)" -eq 1 ]
id=$(irqpath query a.db "SELECT id FROM finding WHERE rule = 'msix-left-masked'" | tail -n 1)

for source in a.db "$file"; do
	kind=$([ "$source" = a.db ] && echo database || echo capture)
	safe "$kind: analyze" irqpath analyze "$source"
	check "$kind: analyze shows the names, escaped" grep -qF '=cmd()\x1b]0;owned\x07' out
	safe "$kind: analyze -v" irqpath analyze -v "$source"
	safe "$kind: explain" irqpath explain "$source" "$id"
	check "$kind: explain tells the finding" grep -q "$id" out
	safe "$kind: path" irqpath path "$source" irq:41
	safe "$kind: stats" irqpath stats "$source"
	safe "$kind: query" irqpath query "$source" "SELECT * FROM object"
	safe "$kind: query of events" irqpath query "$source" "SELECT * FROM event"
	safe "$kind: coverage" irqpath model coverage "$source"
	for command in "analyze" "path" "stats"; do
		object=
		[ $command != path ] || object=irq:41
		# shellcheck disable=SC2086
		safe "$kind: $command, JSON" irqpath $command --format json "$source" $object
		check "$kind: $command, JSON: is JSON" is_json .
	done
	safe "$kind: explain, JSON" irqpath explain --format json "$source" "$id"
	check "$kind: explain, JSON: is JSON" is_json .
	safe "$kind: query, JSON" irqpath query --format json "$source" "SELECT *, 9e999 AS much FROM object"
	check "$kind: query, JSON: is JSON" is_json '.[0].much == null'
	safe "$kind: stats, CSV" irqpath stats --format csv "$source"
	check "$kind: stats, CSV: no formula" sh -c "! grep -E '(^|,)\"?[=+@-]' out"
	safe "$kind: query, CSV" irqpath query --format csv "$source" "SELECT comm, args FROM event"
	check "$kind: query, CSV: no formula" sh -c "! grep -E '(^|,)\"?[=+@-]' out"
	rows=$(irqpath query --format json "$source" "SELECT comm, args FROM event" 2>/dev/null | jq length)
	check "$kind: query, CSV: a line each" [ "$(wc -l <out)" -eq $((rows + 1)) ]
done

safe "export" irqpath export a.db
safe "export --events" irqpath export --events a.db
cp out again.events
safe "export --rows" irqpath export --rows a.db
cp out rows.sql
# The tables are the same bytes on the other side.
sqlite3 rows.db <rows.sql
for column in object.label source.path event.comm event.args finding.message event_text.text; do
	table=${column%.*}
	irqpath query a.db "SELECT hex(${column#*.}) FROM $table ORDER BY 1" | tail -n +2 | sed 's/^-$//' >here
	sqlite3 rows.db "SELECT hex(${column#*.}) FROM $table ORDER BY 1" >there
	check "export --rows: $column is the same" cmp here there
done
# Events as text come back as they were.
irqpath analyze -q --db b.db again.events >/dev/null 2>&1 || :
events() { irqpath query "$1" "SELECT hex(comm), hex(args), hex(via), kind FROM event ORDER BY id" || :; }
events a.db >here
events b.db >there
check "export --events: the events are the same" cmp here there

# A rule's texts.
mkdir rules.d
sed -e 's/^-- id: .*/-- id: evil-rule/' -e "s/^-- title: .*/-- title: $(printf 'a \342\200\256title\377')/" \
	-e "s/^-- why: .*/-- why: $(printf 'be\342\200\213cause')/" "$TOP/rules.d/90-capture-lost-records.sql" >rules.d/90-evil-rule.sql
safe "rules list" irqpath rules list --rules rules.d
safe "rules explain" irqpath rules explain --rules rules.d evil-rule
safe "rules sql" irqpath rules sql --rules rules.d evil-rule
printf -- '-- id: other\n-- title: \033[31m\n' >rules.d/90-other.sql
safe "a rule that is refused" irqpath rules check --rules rules.d
check "a rule that is refused: status" [ "$status" -eq 2 ]

# What is typed wrong is told back.
word=$(printf '\033[31m\342\200\256x')
for command in analyze explain path stats query rules model replay export help "$word"; do
	safe "$command: a hostile word" irqpath "$command" "$word" "$word"
	safe "$command: a hostile option" irqpath "$command" "--$word"
done
safe "an output that cannot be written" irqpath analyze -q -o "no-such-folder/$word" a.db
finish
