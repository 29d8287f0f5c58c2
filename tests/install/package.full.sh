#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The Debian package: made, looked at by lintian, installed, its unit started as systemd would, removed and purged.
# Installing takes root and a machine without the package; else that part is skipped.
# alone: it calls make in the tree that others test
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"

touch "$work/out" "$work/err"
package=
name=itgc_package_$$

lintian_is_content() {
    lintian --allow-root --fail-on error "$package" >"$work/out" 2>&1
}

installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' iam-token-gc 2>/dev/null) == installed ]]
}

owned_by_group() {
    [[ $(stat -c '%U:%G %a' /etc/iam-token-gc/iam-token-gc.yaml) == 'root:iam-token-gc 640' ]]
}

# Not enabled: no link from a target to it.
timer_is_disabled() {
    [[ -e /lib/systemd/system/iam-token-gc.timer && ! -e /etc/systemd/system/timers.target.wants/iam-token-gc.timer ]]
}

# start_unit: ExecStart with the environment, the credentials and the account of the unit.
start_unit() {
    local unit=/lib/systemd/system/iam-token-gc.service credentials=$work/credentials command
    mkdir -p "$credentials"
    install -m 400 -o iam-token-gc /etc/iam-token-gc/password "$credentials/password"
    chmod 711 "$work" && chmod 755 "$credentials"
    read -ra command < <(sed -n 's/^ExecStart=//p' "$unit")
    read -ra settings < <(sed -n "s|^Environment=||p" "$unit" | sed "s|%d|$credentials|g")
    code=0
    (cd / && env -i "${settings[@]}" setpriv --reuid=iam-token-gc --regid=iam-token-gc --clear-groups \
        "${command[@]}") >"$work/out" 2>"$work/err" </dev/null || code=$?
}

remove_package() {
    if installed; then
        dpkg --purge iam-token-gc >/dev/null 2>&1 || true
    fi
}

walk_through() {
    # From here on the way of an administrator.
    code=0
    dpkg -i "$package" >"$work/out" 2>"$work/err" || code=$?
    check 'the package can be installed' [ "$code" = 0 ]
    check 'it makes a system account' [ "$(getent passwd iam-token-gc)" != '' ]
    check 'only its group may read the configuration' owned_by_group
    check 'the timer is installed and not enabled' timer_is_disabled
    check 'the configuration is a conffile' \
        grep -q iam-token-gc.yaml /var/lib/dpkg/info/iam-token-gc.conffiles

    make_database mariadb "$name"
    sql mariadb mysql <<<"CREATE USER iam_token_gc@localhost IDENTIFIED BY 'sesame'"
    sed "s/'%'/'localhost'/" "$source_dir/sql/admin/grants.mysql.sql" |
        mariadb --no-defaults --force --socket="$mysql_socket" --user=root "$name" 2>/dev/null || true
    printf 'sesame\n' | install -m 600 /dev/stdin /etc/iam-token-gc/password
    chmod 755 "$(dirname "$mysql_socket")"
    sed -i "s|^  url: .*|  url: mysql://iam_token_gc@localhost/$name?socket=$mysql_socket|" \
        /etc/iam-token-gc/iam-token-gc.yaml
    local before
    before=$(count mariadb "$name")
    start_unit
    check 'the unit removes garbage with the password from its credentials' [ "$code" = 0 ]
    check 'and says so' grep -q 'stopped: done' "$work/out"
    check 'what was garbage is gone' [ "$(count mariadb "$name")" != "$before" ]
    chmod 700 "$(dirname "$mysql_socket")"

    dpkg --remove iam-token-gc >"$work/out" 2>"$work/err"
    check 'removed, it keeps the configuration' [ -e /etc/iam-token-gc/iam-token-gc.yaml ]
    check 'and no program' [ ! -e /usr/bin/iam-token-gc ]
    dpkg --purge iam-token-gc >"$work/out" 2>"$work/err"
    check 'purged, it leaves nothing in /etc' [ ! -e /etc/iam-token-gc ]
}

code=0
env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -C "$source_dir" deb >"$work/out" 2>"$work/err" || code=$?
check 'make deb makes a package' [ "$code" = 0 ]
package=$(find "$source_dir/build/deb" -maxdepth 1 -name 'iam-token-gc_*.deb')
check 'lintian finds no error in it' lintian_is_content
if ((EUID != 0)) || installed || [[ -e /etc/iam-token-gc ]]; then
    echo 'skip - the package is installed, used and removed: needs root, and a machine without it'
else
    trap 'remove_package; sql mariadb mysql <<<"DROP USER IF EXISTS iam_token_gc@localhost"; drop_databases; rm -rf "$work"' EXIT
    walk_through
fi
exit $((failures > 0))
