# SPDX-License-Identifier: MIT
# For the shell tests: each check is a list of offenders that must be empty.
#   . tests/support/tap.sh
#   none "core includes nothing of tui" "$(grep ...)"
#   finish
tap_count=0
tap_failed=0

none() { # none NAME LIST: passes when LIST is empty
    tap_count=$((tap_count + 1))
    if [ -z "$2" ]; then
        echo "ok $tap_count - $1"
        return
    fi
    tap_failed=$((tap_failed + 1))
    echo "not ok $tap_count - $1"
    printf '%s\n' "$2" | sed 's/^/# /'
}

skip() { # skip NAME WHY
    tap_count=$((tap_count + 1))
    echo "ok $tap_count - $1 # SKIP $2"
}

finish() {
    echo "1..$tap_count"
    exit $((tap_failed != 0))
}
