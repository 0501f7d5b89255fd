#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
#
# usage: deps.sh check|install SET...		sets: build, test, lint, fuzz
# check says what is missing and how to get it, and fails; install gets it through apt-get. Quick where nothing is missing.
set -eu

cmd_there() { command -v "$1" >/dev/null 2>&1; }
lib_there() { cmd_there pkg-config && pkg-config --exists "$1"; }
fuzzer_there() {
	cmd_there clang && [ -n "$(find "$(clang -print-resource-dir)/lib" -name 'libclang_rt.fuzzer*.a' 2>/dev/null)" ]
}

# Package, what it is for, how to see that it is there.
need() {
	package=$1 purpose=$2
	shift 2
	"$@" || { packages="$packages $package"; missing="$missing
  $package	$purpose"; }
}

need_build() {
	need build-essential "C compiler" cmd_there gcc
	need pkg-config "finds the libraries" cmd_there pkg-config
	need libtraceevent-dev "libtraceevent, record formats" lib_there libtraceevent
	need libtracefs-dev "libtracefs, used by libtracecmd" lib_there libtracefs
	need libtracecmd-dev "libtracecmd, trace.dat" lib_there libtracecmd
	need libzstd-dev "zstd, compressed captures and trace.dat" lib_there libzstd
	need liblzma-dev "xz, compressed captures" lib_there liblzma
	need zlib1g-dev "zlib, compressed captures" lib_there zlib
	need libbabeltrace2-dev "libbabeltrace2 and its plug-ins, CTF" lib_there babeltrace2
	need libsqlite3-dev "SQLite, the store" lib_there sqlite3
	need libseccomp-dev "libseccomp, isolation of readers" lib_there libseccomp
}

need_test() {
	need libcmocka-dev "cmocka, unit tests" lib_there cmocka
	need trace-cmd "makes captures for tests" cmd_there trace-cmd
	need sqlite3 "SQLite's shell, looks into databases" cmd_there sqlite3
	need babeltrace2 "reads CTF to compare with" cmd_there babeltrace2
	need jq "checks JSON reports" cmd_there jq
	need mandoc "checks manual pages" cmd_there mandoc
	need man-db "checks manual pages as they are shown" cmd_there man
	need zsh "checks its completion" cmd_there zsh
}

need_lint() { need cppcheck "static checks" cmd_there cppcheck; }
need_fuzz() {
	need clang "compiler with libFuzzer" cmd_there clang
	need libclang-rt-dev "libFuzzer" fuzzer_there
}

action=$1
shift
packages='' missing=''
for set in "$@"; do
	"need_$set"
done
[ -n "$packages" ] || exit 0

if [ "$action" = check ]; then
	echo "irqpath: missing on this system (Debian's names):$missing" >&2
	echo "run \"make deps\" to install them" >&2
	exit 1
fi
if ! cmd_there apt-get; then
	echo "irqpath: there is no apt-get here. Install these through your system's package manager (Debian's names):$missing" >&2
	exit 1
fi
sudo=
if [ "$(id -u)" -ne 0 ]; then
	cmd_there sudo || { echo "irqpath: run this as root, or install sudo: apt-get install$packages" >&2; exit 1; }
	sudo="sudo"
fi
echo "installing:$packages"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages </dev/null >/dev/null 2>&1 || {
	# No package lists yet, or old ones.
	$sudo apt-get update -qq </dev/null
	$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages </dev/null >/dev/null
}
