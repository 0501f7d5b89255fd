#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Commands that README.md and docs/ show print what is shown there.
set -eu
. "$TOP/tests/e2e/lib.sh"
ln -s "$TOP/samples" samples

# $1 page, $2 least number of examples
examples_of() {
	rm -rf examples
	mkdir examples
	awk -v dir=examples -f "$TOP/tests/tools/examples.awk" "$TOP/$1"
	check "$1 has examples" [ "$(ls examples | grep -c 'cmd$')" -ge "$2" ]
	for file in examples/*.cmd; do
		number=$(basename "$file" .cmd)
		: >>"examples/$number.want"
		sh "$file" >out 2>err </dev/null || :
		if awk -f "$TOP/tests/tools/follows.awk" "examples/$number.want" out >found 2>&1; then
			ok "$1: $(head -n 1 "$file")"
		else
			not_ok "$1: $(head -n 1 "$file")" "$(cat found)"
		fi
	done
}
# a block of the README ends where the text says so
examples_of README.md 1
examples_of docs/tutorial.md 8

# awk's comparison finds what is wrong
printf 'a\nb\nc\n' >got
refused() { printf "$2" >want; if awk -f "$TOP/tests/tools/follows.awk" want got >found; then not_ok "$1"; else ok "$1"; fi; }
refused "compare: a line that is not there" 'a\nx\nc\n'
refused "compare: the wrong order" '...\nc\nb\n...\n'
refused "compare: a line too few" 'a\nb\n'
refused "compare: a line in between" 'a\nc\n'
finish
