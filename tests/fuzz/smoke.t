#!/bin/sh
# SPDX-License-Identifier: MIT
# Each fuzz target for a short while, from its corpus: that it builds, runs and finds nothing at once.
targets=$(ls build/fuzz/tests/fuzz/*_fuzz 2>/dev/null)
[ -n "$targets" ] || { echo "1..0 # SKIP no fuzz targets are built (make fuzzers VARIANT=fuzz CC=clang)"; exit 0; }
# shellcheck disable=SC2086
exec tests/support/run-fuzz 5000r $targets
