#!/bin/sh
# SPDX-License-Identifier: MIT
# run-fuzz itself: a target that is stopped for longer than any input may take passes, one that never comes back fails and
# its input is shown.
. tests/support/tap.sh
targets=$(ls build/fuzz/tests/fuzz/scan_fuzz 2>/dev/null)
[ -n "$targets" ] || { echo "1..0 # SKIP no fuzz targets are built (make fuzzers VARIANT=fuzz CC=clang)"; exit 0; }
room=$(mktemp -d "${TMPDIR:-/tmp}/packline-guard.XXXXXX") || exit 2
trap 'rm -rf "$room"' EXIT

# A target that stops itself at its third input, and is woken 15 seconds later.
cat >"$room/stopped_fuzz.c" <<'END'
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int calls;
    (void)data;
    (void)size;
    if (++calls == 3 && system("(sleep 15; kill -CONT $PPID) &") == 0)
        raise(SIGSTOP);
    return 0;
}
END
cat >"$room/endless_fuzz.c" <<'END'
#include <stddef.h>
#include <stdint.h>
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    for (volatile int stuck = size > 1 && data[0] != data[1]; stuck;)
        continue;
    return 0;
}
END
for name in stopped endless; do
    clang -g -fsanitize=fuzzer -o "$room/${name}_fuzz" "$room/${name}_fuzz.c" || exit 2
done

tests/support/run-fuzz 2000r "$room/stopped_fuzz" >"$room/stopped" 2>&1
none "a target that was stopped for 15 seconds passes" "$(grep -q '^ok 1' "$room/stopped" || cat "$room/stopped")"
PACKLINE_FUZZ_SLACK=3 tests/support/run-fuzz 1 "$room/endless_fuzz" >"$room/endless" 2>&1
none "a target that never comes back fails" "$(grep -q '^not ok 1' "$room/endless" || cat "$room/endless")"
none "the input it hangs on is shown" "$(grep -q '^# 000000 ' "$room/endless" || cat "$room/endless")"
finish
