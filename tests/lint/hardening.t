#!/bin/sh
# SPDX-License-Identifier: MIT
# What the release is built with: a small program goes through its flags, and is looked at as a debugger would.
. tests/support/tap.sh
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cat >"$dir/small.c" <<'C'
#include <string.h>
int main(int argc, char **argv)
{
    char room[16];
    strcpy(room, argv[argc - 1]);
    char *grown = strcpy(__builtin_malloc((unsigned)argc * 8), room);
    return grown[0];
}
C
flags=$(make -s --no-print-directory VARIANT=release flags)
# shellcheck disable=SC2086
gcc ${flags% -- *} -c -o "$dir/small.o" "$dir/small.c" -w && gcc -o "$dir/small" "$dir/small.o" ${flags#* -- }
none "the release is position independent, and its links are read-only once made" "$(
    readelf -hd "$dir/small" | awk '/Type:.*DYN/ {pie=1} /BIND_NOW|NOW/ {now=1} END {if (!pie) print "no PIE"; if (!now) print "no NOW"}'
    readelf -lW "$dir/small" | grep -q GNU_RELRO || echo "no RELRO")"
none "strings are copied under their room, also where only the program knows it" "$(
    copies=$(readelf -rW "$dir/small.o" | grep -c 'cpy_chk')
    case $flags in
    *FORTIFY_SOURCE=3*) [ "$copies" -eq 2 ] || echo "$copies of 2 copies" ;;
    *) [ "$copies" -ge 1 ] || echo "no copy" ;;
    esac)"
none "the stack has its guard" "$(readelf -sW "$dir/small.o" | grep -q __stack_chk_fail || echo "no guard")"
case $(uname -m) in
x86_64) none "jumps and returns are held to their places" "$(readelf -nW "$dir/small.o" | grep -q 'IBT, SHSTK' || echo "no CET")" ;;
*) skip "jumps and returns are held to their places" "not of this machine" ;;
esac
finish
