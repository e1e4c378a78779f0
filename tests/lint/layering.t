#!/bin/sh
# SPDX-License-Identifier: MIT
# tui -> core <- printing, and each foreign library in its one file: by the includes, then by the symbols of what was built.
. tests/support/tap.sh

includes() { # includes PATTERN DIR... : lines that include a header of that pattern
    pattern=$1
    shift
    git grep -nE "^ *# *include *[<\"]($pattern)" -- "$@"
}
outside() { # outside ALLOWED-FILES-PATTERN: what is left of the lines on standard input
    grep -vE "^($1):"
}

none "core includes nothing of tui or printing" "$(includes 'tui/|printing/' 'core/*.[ch]')"
none "tui includes nothing of printing" "$(includes 'printing/' 'tui/*.[ch]')"
none "printing includes nothing of tui" "$(includes 'tui/' 'printing/*.[ch]')"
none "nothing includes tests" "$(includes 'tests/' 'core/*.[ch]' 'tui/*.[ch]' 'printing/*.[ch]')"

# Each folder may include what stands left of it and itself; so no folder is part of a circle.
in_order() { # in_order PART "FOLDER..." FILES...: the includes that look to the right, and folders that the line forgot
    part=$1
    order=$2
    shift 2
    git grep -nE "^ *# *include *\"$part/[a-z]+/" -- "$@" | awk -v part="$part" -v order="$order" '
        BEGIN { n = split(order, folder, " "); for (i = 1; i <= n; i++) place[folder[i]] = i }
        {
            split($0, at, ":"); split(at[1], from, "/"); split($0, quoted, "\""); split(quoted[2], to, "/")
            if (!(from[2] in place) || !(to[2] in place) || place[to[2]] > place[from[2]]) print
        }'
}
none "core's folders include to the left only" "$(in_order core \
    "base db table code site people goods waybill flow apply act station view print intake outside sim check backup" 'core/*/*.[ch]')"
none "tui's folders include to the left only" "$(in_order tui "terminal widgets app screens commands" 'tui/*/*.[ch]')"
none "printing's folders include to the left only" "$(in_order printing "label output queue" 'printing/*/*.[ch]')"
none "no folder of core has more than 25 .c files" "$(git ls-files 'core/*/*.c' | cut -d/ -f2 | sort | uniq -c | awk '$1 > 25')"

none "curses is in tui/terminal/term_curses.c alone" "$(includes '(ncursesw?/)?(n?curses|term)\.h' 'core/*' 'tui/*' 'printing/*' |
    outside 'tui/terminal/term_curses\.c')"
none "CUPS is in printing/queue/printer_cups.c alone" "$(includes 'cups/' 'core/*' 'tui/*' 'printing/*' |
    outside 'printing/queue/printer_cups\.c')"
none "zint is in printing/label/barcode.c alone" "$(includes 'zint\.h' 'core/*' 'tui/*' 'printing/*' |
    outside 'printing/label/barcode\.c')"
none "SQLite is in core/db's db_sqlite files alone" "$(includes 'sqlite3\.h' 'core/*' 'tui/*' 'printing/*' |
    outside 'core/db/db_sqlite(_open)?\.[ch]')"
none "libpq is in core/db's db_postgres files alone" "$(includes '(postgresql/)?libpq' 'core/*' 'tui/*' 'printing/*' |
    outside 'core/db/db_postgres[a-z_]*\.[ch]')"
none "cairo and pango are in printing alone" "$(includes '(cairo|pango)' 'core/*' 'tui/*')"
none "no SQL in tui or printing" "$(git grep -nE '\b(SELECT|INSERT INTO|UPDATE [a-z_]+ SET|DELETE FROM)\b' -- 'tui/*.[ch]' 'printing/*.[ch]')"

# What was built tells the same, also where a prototype was written by hand.
build=${PACKLINE_BUILD:-build/dev}
objects_of() { # objects_of FILES...: of files that are there; a build may still hold those of files that were moved
    git ls-files "$@" | sed "s|^\(.*\)\.c\$|$build/\1.o|"
}
undefined() {
    nm -u "$@" 2>/dev/null | awk '$1 == "U" { print $2 }' | sort -u
}
defined() {
    nm --defined-only -g "$@" 2>/dev/null | awk 'NF == 3 && $3 !~ /^(__asan|__ubsan|__odr_asan|_)/ { print $3 }' | sort -u
}

# The statements of an object file, whole, however they were put together: who sets the column state of a table that has one?
stateful=$(awk '/^CREATE TABLE/ { table = $3 } /^    state / { print table }' core/db/schema/*.sql | sort -u | tr '\n' '|')
state_writers() { # state_writers OBJECT...
    for object in "$@"; do
        strings -n 8 "$object" | awk -v object="$object" -v tables="^(${stateful%|})\$" '
            {
                for (rest = $0; match(rest, /UPDATE [a-z_]+ SET /); rest = after) {
                    split(substr(rest, RSTART), word, " ")
                    after = substr(rest, RSTART + RLENGTH)
                    set = after
                    sub(/ WHERE .*/, "", set)
                    if (word[2] ~ tables && set ~ /(^|[ ,(])state( *=|[,)])/) print object ": " $0
                }
            }'
    done
}
# Store makes its statements from the catalogue. A printer's state is what was heard of it, a submission's the worker's own
# note of what it has sent: neither is decided.
none "states are written by core/apply/store.c alone" \
    "$(state_writers $(objects_of 'core/*.c' 'tui/*.c' 'printing/*.c') |
        grep -vE '/core/print/printer\.o: UPDATE printer |/core/print/submission\.o: UPDATE submission ')"
none "store.c asks the rules' own rows what changed" \
    "$(strings -n 8 "$build/core/apply/store.o" | grep -q 'UPDATE %s SET ' || echo 'no statement is made in store.c')"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for part in core tui printing; do
    undefined "$build/lib$part.a" >"$scratch/$part.needs"
    defined "$build/lib$part.a" >"$scratch/$part.has"
done
between() { # between NEEDS HAS
    comm -12 "$scratch/$1.needs" "$scratch/$2.has"
}
# Rules decide in memory: core/flow knows no database.
none "rules include nothing of core/db, nor of core/site but who acts" \
    "$(includes 'core/(db|site|goods|waybill)/' 'core/flow/*.[ch]' | grep -v '"core/site/actor.h"')"
undefined $(objects_of 'core/flow/*.c') >"$scratch/rules.needs"
defined "$build"/core/db/*.o "$build"/core/site/*.o "$build"/core/goods/*.o "$build"/core/waybill/*.o >"$scratch/storing.has"
none "rules need no symbol of core/db, core/site, core/goods and core/waybill" "$(between rules storing)"
none "the rules were looked at" "$([ -s "$scratch/rules.needs" ] && [ -s "$scratch/storing.has" ] || echo 'no symbols')"
none "libcore.a needs no symbol of libtui.a" "$(between core tui)"
none "libcore.a needs no symbol of libprinting.a" "$(between core printing)"
none "libtui.a needs no symbol of libprinting.a" "$(between tui printing)"
none "libprinting.a needs no symbol of libtui.a" "$(between printing tui)"
libraries() {
    readelf -d "$build/$1" 2>/dev/null | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'
}
none "packline links no cairo, pango, zint or CUPS" "$(libraries packline | grep -E 'cairo|pango|zint|cups')"
none "packline-print links no curses" "$(libraries packline-print | grep -E 'curses|tinfo')"
finish
