#!/bin/sh
# SPDX-License-Identifier: MIT
# The top level of the repository is fixed, so that a stranger finds everything by name.
. tests/support/tap.sh
none "top level is tui core printing tests assets Makefile README.md" "$(git ls-files | cut -d/ -f1 | sort -u |
    grep -vxE 'tui|core|printing|tests|assets|Makefile|README\.md|\..*')"
finish
