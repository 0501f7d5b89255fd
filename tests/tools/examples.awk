# SPDX-License-Identifier: GPL-2.0-or-later
# Takes the examples out of a page: code blocks, indented or fenced, with lines "$ COMMAND" and what it prints. Writes each
# command to DIR/N.cmd, further lines of it included where a quote is open, and its output to DIR/N.want.
function begin(line) { n++; inside = 1; more = 0; command(line) }
function command(line,   quotes) {
	print line >(dir "/" n ".cmd")
	quotes = gsub(/"/, "\"", line)
	if (quotes % 2) more = !more
}
/^```/ { fenced = !fenced; inside = 0; next }
fenced { line = $0 }
!fenced && /^    / { line = substr($0, 5) }
!fenced && !/^    / { inside = 0; next }
more { command(line); next }
line ~ /^\$ / { begin(substr(line, 3)); next }
inside { print line >(dir "/" n ".want") }
