# SPDX-License-Identifier: GPL-2.0-or-later
# usage: awk -f follows.awk WANT GOT: is WANT what GOT says, where a line "..." stands for any number of lines, none
# included? Prints the first line of WANT that is not there.
FNR == NR { want[++nr] = $0; next }
{ got[++lines] = $0 }
END {
	at = 1
	for (i = 1; i <= nr; i++) {
		if (want[i] == "...") { loose = 1; continue }
		while (loose && at <= lines && got[at] != want[i]) at++
		if (at > lines || got[at] != want[i]) { print "not there: " want[i]; exit 1 }
		at++
		loose = 0
	}
	if (!loose && at <= lines) { print "not expected: " got[at]; exit 1 }
}
