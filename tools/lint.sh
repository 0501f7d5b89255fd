#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: lint.sh layers		no file includes what its layer may not (docs/design.md, section 2)
#        lint.sh tree FILE...	house rules that grep can see; FILEs are all sources that the Makefile knows
#        lint.sh width [DIR...]	no line of C or SQL is wider than 140 columns, a tab being 8; in src where no DIR is given
set -eu
cd "$(dirname "$0")/.."

check_layers() {
	find src -name '*.[ch]' | sort | xargs awk '
		BEGIN {
			may["core"] = "core"
			may["ingest"] = "core ingest"
			may["store"] = "core store"
			may["model"] = "core model"
			may["rules"] = "core store rules"
			may["report"] = "core store report"
			may["tui"] = "core store tui"
			may["cli"] = "core ingest store model rules report tui cli"
			only["sqlite3"] = "store rules"
			only["curses"] = "tui"
			only["trace"] = "ingest"
			only["seccomp"] = "ingest"
		}
		function allowed(list, word) { return index(" " list " ", " " word " ") > 0 }
		function library(header) {
			if (header ~ /^sqlite3/) return "sqlite3"
			if (header ~ /^n?curses/) return "curses"
			if (header ~ /(trace-cmd|event-parse|tracefs|trace-seq|kbuffer|babeltrace)/) return "trace"
			if (header ~ /^(seccomp|linux\/seccomp|linux\/filter)/) return "seccomp"
			return ""
		}
		function complain(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; bad = 1 }
		{ split(FILENAME, part, "/"); layer = part[2] }
		/^[ \t]*#[ \t]*include[ \t]*"/ {
			split($0, quoted, "\"")
			split(quoted[2], target, "/")
			if (quoted[2] == "ingest/source.h" && layer == "store") next	# plain structs
			if (quoted[2] ~ /^docs\/[a-z]*\.inc$/ && layer == "cli") next	# pages of docs/ as text
			if (!allowed(may[layer], target[1])) complain(layer " may not include " quoted[2])
		}
		/^[ \t]*#[ \t]*include[ \t]*</ {
			split($0, angle, /[<>]/)
			lib = library(angle[2])
			if (lib != "" && !allowed(only[lib], layer)) complain(layer " may not include <" angle[2] ">")
		}
		END { exit bad }'
}

complain_if() {
	text=$1
	shift
	if found=$("$@"); then
		printf '%s:\n%s\n' "$text" "$found" | sed '2,$s/^/  /'
		bad=1
	fi
}

check_tree() {
	bad=0
	sources=$(find src tests tools -name '*.[ch]' -o -name '*.sh' | sort)
	listed=$(printf '%s\n' "$@" | sort)
	there=$(find src -name '*.c' | sort; find tests/unit -name 'test_*.c' | sort)
	for file in $there; do
		printf '%s\n' "$listed" | grep -qxF "$file" || { echo "not in the Makefile: $file"; bad=1; }
	done
	for file in $sources; do
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || { echo "no SPDX line: $file"; bad=1; }
	done
	# shellcheck disable=SC2086
	{
		complain_if "unfinished" grep -nE 'TO''DO|FIX''ME' $sources
		complain_if "blanks at the end of a line" grep -nE '[[:blank:]]$' $sources Makefile
	}
	return $bad
}

# Columns, neither bytes nor characters: a tab goes to the next multiple of 8.
check_width() {
	[ $# -gt 0 ] || set -- src
	find "$@" -name '*.[ch]' -o -name '*.sql' | sort | LC_ALL=C awk -v max=140 '
		{ file = $0; nr = 0
		  while ((getline line < file) > 0) {
			nr++
			width = 0
			n = split(line, part, "\t")
			for (i = 1; i <= n; i++) {
				gsub(/[\200-\277]/, "", part[i])	# of a character only its first byte
				width += length(part[i])
				if (i < n) width += 8 - width % 8
			}
			if (width > max) { printf "%s:%d: %d columns wide\n", file, nr, width; bad = 1 }
		  }
		  close(file) }
		END { exit bad }'
}

case ${1:-} in
layers) check_layers ;;
width) shift; check_width "$@" ;;
tree) shift; check_tree "$@" ;;
*) sed -n '4,6s/^# //p' "$0" >&2; exit 2 ;;
esac
