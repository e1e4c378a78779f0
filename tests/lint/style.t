#!/bin/sh
# SPDX-License-Identifier: MIT
# The house rules a machine can check.
. tests/support/tap.sh

ours() { # every file of ours of these patterns
    git ls-files -- "$@"
}

none "the first line says the licence" "$(for file in $(ours '*.c' '*.h'); do
    head -n 1 "$file" | grep -q '^/\* SPDX-License-Identifier: MIT' || echo "$file"
done)"
longer() { # longer LINES: of the files named on the input, those with more
    xargs awk -v most="$1" 'FNR == most + 1 { print FILENAME }'
}
none "no file of the program is over 600 lines" "$(ours 'core/*.[ch]' 'tui/*.[ch]' 'printing/*.[ch]' | longer 600)"
none "no file of the tests is over 500 lines" "$(ours 'tests/*.[ch]' 'tests/*.t' | longer 500)"
none "no test sleeps" "$(git grep -nE '(^|[^a-z_])(u?sleep|nanosleep|clock_nanosleep)\(' -- 'tests/*.[ch]')"
none "nothing is left behind" "$(git grep -nE '\b(T[O]DO|F[I]XME|X[X]X|H[A]CK)\b' -- '*.[ch]' 'tests/*' Makefile)"
none "structs are not typedef'd" "$(git grep -nE '^typedef +(struct|union)' -- '*.[ch]')"
none "no tabs in C" "$(git grep -lP '\t' -- '*.[ch]')"
none "nothing below main ends the program" "$(git grep -nE '(^|[^a-z_])(exit|abort)\(' -- 'core/*.c' 'tui/*.c' 'printing/*.c' |
    grep -vE '^(tui|printing)/main\.c')"

none "every statement has a name of its own" "$(cat $(ours 'core/*.c' 'printing/*.c' 'tui/*.c') | tr '\n' ' ' |
    grep -oE '(\] =|struct sql [A-Z_]+ =|\.sql =) \{"[a-z_]+", *("(SELECT|INSERT|UPDATE|DELETE|WITH|PRAGMA) |[A-Z]{3,}[ (])' | grep -oE '"[a-z_]+"' | sort | uniq -d)"

name="no function of the program is over 60 lines"
if command -v ctags >/dev/null; then
    none "$name" "$(ours 'core/*.c' 'tui/*.c' 'printing/*.c' | ctags -L - --languages=C --kinds-C=f --fields=+ne -f - 2>/dev/null |
        awk -F '\t' '{
            line = end = 0
            for (i = 4; i <= NF; i++) {
                if ($i ~ /^line:/) line = substr($i, 6)
                if ($i ~ /^end:/) end = substr($i, 5)
            }
            if (end - line + 1 > 60) print $2 ":" line " " $1 " (" end - line + 1 ")"
        }')"
else
    skip "$name" "ctags is not installed"
fi
finish
