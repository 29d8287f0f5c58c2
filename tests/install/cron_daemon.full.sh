#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The crontab line as installed, carried out by Debian's cron at the hour that it names: the daemon sees folders of its
# own and a clock that runs fast. Mail goes to a file. Takes root.
# alone: it calls make in the tree that others test
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"

daemon=
trap 'stop_cron; drop_databases; rm -rf "$work"' EXIT
touch "$work/out" "$work/err"
image=$work/image
mail=$work/mail

stop_cron() {
    if [[ -n $daemon ]]; then
        kill "$daemon" 2>/dev/null || true
        wait "$daemon" 2>/dev/null || true
        daemon=
    fi
}

# Only this daemon and what it starts see these mounts.
prepare() {
    mkdir "$work/cron.d" "$work/spool" "$work/upper" "$work/overlay"
    printf '#!/bin/sh\ncat >>%s\n' "$mail" >"$work/sendmail"
    chmod 755 "$work" "$work/sendmail"
    cat >"$work/start" <<END
set -e
mount --make-rprivate /
mount --bind $work/cron.d /etc/cron.d
mount --bind $work/spool /var/spool/cron
mount --bind /dev/null /etc/crontab
mount -t tmpfs tmpfs /run
mount -t overlay overlay -o lowerdir=/usr/sbin,upperdir=$work/upper,workdir=$work/overlay /usr/sbin
cp $work/sendmail /usr/sbin/sendmail
exec timeout 120 faketime -f '@2026-03-01 03:16:40 x20' cron -f
END
}

# night URL: cron from a little before the line's time on. The second line tells that the first was over.
night() {
    {
        echo "IAM_TOKEN_GC_DATABASE_URL=$1"
        sed "s|^PATH=|PATH=$image/usr/bin:|; s|  iam-token-gc  iam-token-gc run|  root  iam-token-gc run|" \
            "$image/usr/share/iam-token-gc/iam-token-gc.cron"
        echo "19 3 * * *  root  touch $work/over"
    } >"$work/cron.d/iam-token-gc"
    rm -f "$mail" "$work/over"
    unshare --mount bash "$work/start" >"$work/err" 2>&1 &
    daemon=$!
    local deadline=$((SECONDS + 90))
    until [[ -e $work/over ]] || ((SECONDS > deadline)) || ! kill -0 "$daemon" 2>/dev/null; do
        sleep 0.1
    done
    stop_cron
    [[ -e $work/over ]]
}

mailed() {
    sed '1,/^$/d' "$mail" >"$work/out" && grep -q 'Subject: Cron.*iam-token-gc run --quiet' "$mail" &&
        [[ $(grep -c 'Z error ' "$mail") == 1 ]] && grep -q 'error .*none.sqlite' "$mail" && ! grep -q 1970 "$mail"
}

if ((EUID != 0)) || ! unshare --mount true 2>/dev/null; then
    echo 'skip - cron carries out the crontab line: needs root and mounts of its own'
    exit 0
fi
env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -C "$source_dir" DESTDIR="$image" PREFIX=/usr install >"$work/out" 2>"$work/err"
prepare
make_database sqlite nightly
before=$(count sqlite nightly)
check 'cron starts at its hour and goes on' night "$(url sqlite nightly)"
check 'cron: the garbage is gone in the morning' [ "$(count sqlite nightly)" != "$before" ]
check 'cron: a night without trouble sends no mail' [ ! -e "$mail" ]
check 'cron starts again' night "sqlite://$work/none.sqlite"
check 'cron: trouble is mailed in one sentence' mailed
exit $((failures > 0))
