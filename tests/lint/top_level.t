#!/bin/sh
# SPDX-License-Identifier: MIT
# The top level of the repository is fixed, so that a stranger finds everything by name.
echo 1..1
extra=$(git ls-files | cut -d/ -f1 | sort -u | grep -vxE 'tui|core|printing|tests|assets|Makefile|README\.md|\..*')
[ -z "$extra" ] && echo "ok 1 - top level is tui core printing tests assets Makefile README.md" && exit 0
echo "not ok 1 - at the top level, where it does not belong: $extra"
exit 1
