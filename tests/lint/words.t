#!/bin/sh
# SPDX-License-Identifier: MIT
# What people read: error numbers that never move or meet, and a translation for every text.
. tests/support/tap.sh

# "number section line" of every row of the table; a section's header names its block of a hundred.
rows=$(awk '/^\/\* --- 0?[0-9]+ / { block = $3 + 0 } match($0, /^E\([A-Z0-9_]+, *[0-9]+/) {
    split(substr($0, RSTART, RLENGTH), part, /, */); print part[2] + 0, block, FNR }' core/base/error_list.h)
none "no error number is used twice" "$(echo "$rows" | cut -d' ' -f1 | sort | uniq -d)"
none "every error number is in its section's block" "$(echo "$rows" |
    awk 'int($1 / 100) * 100 != $2 { print "error_list.h:" $3 ": " $1 " is not in " $2 }')"
none "error numbers ascend within a section" "$(echo "$rows" |
    awk '$2 == block && $1 < last { print "error_list.h:" $3 ": " $1 " after " last } { block = $2; last = $1 }')"

if ! command -v msgmerge >/dev/null; then
    skip "every text is translated" "gettext is not installed"
    finish
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
make -s build/packline.pot >/dev/null || echo "Bail out! xgettext failed"
for po in assets/locale/*.po; do
    msgmerge --quiet --no-fuzzy-matching -o "$scratch/merged.po" "$po" build/packline.pot
    none "every text is translated in $po" "$(msgattrib --untranslated --no-obsolete --no-wrap "$scratch/merged.po" 2>/dev/null |
        grep '^msgid' | grep -vx 'msgid ""')"
    none "every argument {n} or {name} of a text stands in its translation in $po" "$(msgattrib --translated --no-obsolete --no-wrap "$scratch/merged.po" |
        awk '
            function lost(text, other,    name) { # whether an argument of the one is not in the other
                while (match(text, /\{[a-z0-9_]+/)) {
                    name = substr(text, RSTART, RLENGTH)
                    text = substr(text, RSTART + RLENGTH)
                    if (!index(other, name "}") && !index(other, name ":") && !index(other, name "|")) return 1
                }
                return 0
            }
            /^msgid / { id = $0; into = "id"; next }
            /^msgstr/ { text = $0; into = "text"; next }
            /^"/ { if (into == "id") id = id $0; else text = text $0; next }
            /^$/ { check() }
            END { check() }
            function check() { if (lost(id, text) || lost(text, id)) print id; id = text = "" }')"
done
finish
