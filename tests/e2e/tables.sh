#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# docs/transitions.tsv, docs/bugs.tsv and docs/invariants.tsv: well-formed, complete, and true as far as text can tell. A
# "modelled" transition names what the source has: "component.region: input, input" or "table.column: value" of the schema,
# several separated by "; ". "planned" is what a record can show and the model does not hold yet; "unobservable" is what no
# tracepoint, listed probe, printk or snapshot of Linux shows.
set -eu
. "$TOP/tests/e2e/lib.sh"

# Rules that docs/bugs.tsv or docs/invariants.tsv ask for beyond the catalogue of docs/design.md.
extra_rules="enabled-without-enable evtchn-served-twice mask-ping-pong message-written-unmasked noautoen-never-enabled \
	oneshot-unmasked-early posting-left-on rte-rereads unowned-vector"

docs=$TOP/docs
events=$TOP/src/core/event_table.h

# A word a line, of: event kinds, witnesses, rules, tests, components, quoted texts of the model, columns of the schema.
sed -n 's/^\tX([A-Z0-9_]*, "\([a-z_.]*\)", [A-Z]*, (.*/\1/p' "$events" >kinds
sed -n '/define WITNESS_LIST/,/^$/s/.*X([A-Z]*, *"\([a-z]*\)".*/\1/p' "$events" >witnesses
{
	sed -n 's/^-- id: *//p' "$TOP"/rules.d/*.sql
	sed -n '/^Catalogue to start with/,/^"No finding"/p' "$docs/design.md" | grep -o '`[a-z0-9-]*`' | tr -d '`'
	printf '%s\n' $extra_rules
} >rules
{
	sed -n 's/^static void \(test_[a-z0-9_]*\)(void \*\*state)$/\1/p' "$TOP"/tests/unit/*.c
	( cd "$TOP/rules.d/cases" && ls -d -- */* | sed 's/\.events$//' )
} >tests
sed -n 's/.*\.name = "\([a-z0-9_]*\)", \.regions = .*/\1/p' "$TOP"/src/model/*.c >components
grep -ho '"[^"]*"' "$TOP"/src/model/*.[ch] | sed 's/^"//; s/"$//' | sort -u >texts
awk '/^(-- )?CREATE (VIRTUAL )?TABLE / { table = $0; sub(/.*TABLE /, "", table); sub(/[ (].*/, "", table); next }
	/^(-- )?\)/ { table = "" }
	table != "" && sub(/^(--)?  +/, "") { print table "." $1 }' "$TOP/src/store/schema.sql" >columns

# Every list must have something in it, or the checks below would prove nothing.
for list in kinds witnesses rules tests components texts columns; do
	check "list of $list" [ "$(wc -l <"$list")" -ge 3 ]
done

# problems NAME AWK-PROGRAM FILE...: ok where the program prints nothing
problems() {
	name=$1
	shift
	awk -F '\t' "$@" >found 2>&1 || echo "awk failed" >>found
	if [ -s found ]; then not_ok "$name" "$(cat found)"; else ok "$name"; fi
}

well_formed='
	FNR == 1 { if ($0 != want) print FILENAME ": header is not " want; nr = NF; next }
	NF != nr { print FILENAME ":" FNR ": " NF " columns, not " nr; next }
	{ for (i = 1; i <= NF; i++) if ($i ~ /^ *$/ || $i ~ /^ | $/) print FILENAME ":" FNR ": column " i " empty or with blanks around it" }
	$1 in seen { print FILENAME ":" FNR ": " $1 " twice" }
	FNR > 2 && $1 "" <= last "" { print FILENAME ":" FNR ": " $1 " out of order" }
	{ seen[$1]; last = $1 }'
header() { printf '%s\t' "$@" | sed 's/\t$//'; }
problems "transitions.tsv is well-formed" -v want="$(header id section transition guard witness status where test)" \
	"$well_formed" "$docs/transitions.tsv"
problems "bugs.tsv is well-formed" \
	-v want="$(header id title fixed_in invariant rule decides records reason quirk)" "$well_formed" "$docs/bugs.tsv"
problems "invariants.tsv is well-formed" -v want="$(header id invariant rule obligation reason)" \
	"$well_formed" "$docs/invariants.tsv"

# Column c of the last file: event kinds with witness.
known_records='
	FILENAME == "kinds" { kind[$1]; next }
	FILENAME == "witnesses" { witness[$1]; next }
	FNR > 1 && $c != "-" {
		n = split($c, record, " ")
		for (i = 1; i <= n; i++)
			if (split(record[i], part, "@") != 2 || !(part[1] in kind) || !(part[2] in witness))
				print FILENAME ":" FNR ": no such record: " record[i]
	}'
problems "witnesses are known" -v c=5 "$known_records" kinds witnesses "$docs/transitions.tsv"
problems "records of bugs are known" -v c=7 "$known_records" kinds witnesses "$docs/bugs.tsv"

# Words of column c of the last file are in the list before it.
known_words='
	FNR == NR { known[$0]; next }
	FNR > 1 && $c != "-" {
		n = split($c, word, " ")
		for (i = 1; i <= n; i++)
			if (!(word[i] in known)) print FILENAME ":" FNR ": not known: " word[i]
	}'
problems "rules of bugs exist or are planned" -v c=5 "$known_words" rules "$docs/bugs.tsv"
problems "rules of invariants exist or are planned" -v c=3 "$known_words" rules "$docs/invariants.tsv"
problems "obligations of invariants exist" -v c=4 "$known_words" texts "$docs/invariants.tsv"
problems "tests of transitions exist" -v c=8 "$known_words" tests "$docs/transitions.tsv"

problems "transitions have a status that fits" '
	FNR == 1 { next }
	$2 !~ /^(2\.[1-5]|3[a-f]|xen 3\.[2-7]|xen 4\.[1-4]|xen 5)$/ { print FNR ": " $1 ": section " $2 }
	$6 !~ /^(modelled|planned|unobservable)$/ { print FNR ": " $1 ": status " $6 }
	$6 == "modelled" && $5 == "-" { print FNR ": " $1 ": modelled without a record" }
	$6 == "planned" && $5 == "-" && $7 !~ /no event kind yet/ { print FNR ": " $1 ": planned, and nothing shows it" }
	$6 == "unobservable" && $5 != "-" { print FNR ": " $1 ": unobservable, with records that show it" }
	$6 != "modelled" && $8 != "-" { print FNR ": " $1 ": a test of what is not modelled" }
	$7 == "-" { print FNR ": " $1 ": where, or why not?" }' "$docs/transitions.tsv"

# A list of texts whose names may have commas in them: the longest known text first.
problems "modelled transitions name what there is" '
	FILENAME == "components" { component[$0]; next }
	FILENAME == "texts" { text[$0]; next }
	FILENAME == "columns" { column[$0]; next }
	function check_list(list, n, part, from, to, joined, i) {
		n = split(list, part, /, /)
		for (from = 1; from <= n; from = to + 1) {
			for (to = n; to >= from; to--) {
				joined = part[from]
				for (i = from + 1; i <= to; i++) joined = joined ", " part[i]
				if (joined in text) break
			}
			if (to < from) { print FNR ": " $1 ": no such text: " part[from]; return }
		}
	}
	FNR > 1 && $6 == "modelled" {
		n = split($7, place, /; /)
		for (k = 1; k <= n; k++) {
			head = place[k]
			list = ""
			if (i = index(head, ": ")) { list = substr(head, i + 2); head = substr(head, 1, i - 1) }
			dot = index(head, ".")
			if (substr(head, 1, dot - 1) in component) {
				if (!(substr(head, dot + 1) in text)) print FNR ": " $1 ": no such region: " head
				if (list == "") print FNR ": " $1 ": no input of " head
			} else if (!(head in column)) {
				print FNR ": " $1 ": no such component or column: " head
			}
			if (list != "") check_list(list)
		}
	}' components texts columns "$docs/transitions.tsv"

problems "bugs are decided or say why not" '
	FNR == 1 { next }
	$6 !~ /^(yes|partly|no)$/ { print FNR ": " $1 ": decides " $6 }
	$6 != "no" && $5 == "-" { print FNR ": " $1 ": decided by no rule" }
	$6 == "yes" && $7 == "-" { print FNR ": " $1 ": decided by no record" }
	$6 != "yes" && $8 == "-" { print FNR ": " $1 ": why not?" }
	$4 != "-" {
		n = split($4, word, " ")
		for (i = 1; i <= n; i++)
			if (word[i] !~ /^(I([1-9]|1[0-4])|HW[1-9]|T([1-9]|1[0-9]|2[0-2])|[a-z-]+)$/)
				print FNR ": " $1 ": invariant " word[i]
	}' "$docs/bugs.tsv"

# A bug is decided by rules that are there, not by ones that are planned: all of them, or at least one for a part of it.
sed -n 's/^-- id: *//p' "$TOP"/rules.d/*.sql >shipped
problems "bugs are decided by rules that are there" '
	FNR == NR { there[$0]; next }
	FNR > 1 && $6 != "no" {
		missing = ""
		n = split($5, word, " ")
		for (i = k = 0; i < n; ) if (!(word[++i] in there)) { missing = missing " " word[i]; k++ }
		if ($6 == "yes" ? k : k == n) print FNR ": " $1 ": decided (" $6 ") by what is not there:" missing
	}' shipped "$docs/bugs.tsv"

problems "invariants are carried or say why not" '
	FNR > 1 && $3 == "-" && $5 == "-" { print FNR ": " $1 ": carried by nothing, and no reason" }
	FNR > 1 && $4 == "-" && $5 == "-" { print FNR ": " $1 ": no obligation, and no reason" }' "$docs/invariants.tsv"

# Every id of the fact sheet at least once: PREFIX from 1 to the number given, alone or with a part behind a dot.
all_there='
	FNR > 1 { id = $1; sub(/\..*/, "", id); seen[id] }
	END { for (i = from; i <= to; i++) if (!((prefix i) in seen)) print "missing: " prefix i }'
problems "T1 to T22 are there" -v prefix=T -v from=1 -v to=22 "$all_there" "$docs/transitions.tsv"
problems "T1 to T15 of QEMU are there" '
	BEGIN { n = split("1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", want, " ") }
	FNR > 1 && $1 ~ /^Q\.T/ { id = $1; sub(/^Q\.T/, "", id); sub(/\..*/, "", id); seen[id] }
	END { for (i = 1; i <= n; i++) if (!(want[i] in seen)) print "missing: Q.T" want[i] }' "$docs/transitions.tsv"
problems "HW1 to HW9 are there" -v prefix=HW -v from=1 -v to=9 "$all_there" "$docs/transitions.tsv"
problems "B1 to B44 are there" -v prefix=B -v from=1 -v to=44 "$all_there" "$docs/bugs.tsv"
problems "Q1 to Q29 are there" -v prefix=Q -v from=1 -v to=29 "$all_there" "$docs/bugs.tsv"
problems "X1 to X59 are there" -v prefix=X -v from=1 -v to=59 "$all_there" "$docs/bugs.tsv"
problems "S0 to S4 are there" -v prefix=S -v from=0 -v to=4 "$all_there" "$docs/bugs.tsv"
problems "I1 to I14 are there" -v prefix=I -v from=1 -v to=14 "$all_there" "$docs/invariants.tsv"
problems "I1 to I17 of Xen are there" '
	FNR > 1 && sub(/^X\.I/, "", $1) { seen[$1] }
	END { for (i = 1; i <= 17; i++) if (!(i in seen)) print "missing: X.I" i }' "$docs/invariants.tsv"

awk -F '\t' '
	FNR == 1 { next }
	{ total[FILENAME]++ }
	FILENAME ~ /transitions/ { status[$6]++; tested += $6 == "modelled" && $8 != "-" }
	FILENAME ~ /bugs/ { decides[$6]++ }
	END {
		for (file in total) { name = file; sub(/.*\//, "", name); print name ": " total[file] " rows" }
		printf "transitions: %d modelled (%d of them named by a test), %d planned, %d unobservable\n",
			status["modelled"], tested, status["planned"], status["unobservable"]
		printf "bugs: decided %d, partly %d, not %d\n", decides["yes"], decides["partly"], decides["no"]
	}' "$docs/transitions.tsv" "$docs/bugs.tsv" "$docs/invariants.tsv"
finish
