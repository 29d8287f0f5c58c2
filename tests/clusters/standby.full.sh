#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A PostgreSQL primary with a streaming standby that is slow to apply: a run waits for it, ends when it is told to, and
# does not take a standby that stopped for one that caught up.
# alone: how far a replica is behind depends on the pace of the machine
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../concurrent/lib.sh
. "$(dirname "$0")/../concurrent/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../faults/lib.sh
. "$(dirname "$0")/../faults/lib.sh"

name=itgc_standby
standby=
folder=$(mktemp -d "${TMPDIR:-/tmp}/itgc-standby.XXXXXX")

remove_standby() {
    stop_standby
    rm -rf "$folder"
}

# At once and by its own process, which is gone when its pid file is.
stop_standby() {
    if [[ -n $standby ]]; then
        kill -QUIT "$(head -1 "$folder/data/postmaster.pid")" 2>/dev/null || true
        wait "$standby" 2>/dev/null || true
        standby=
    fi
}
trap 'remove_standby; drop_databases; rm -rf "$work"' EXIT

# The standby runs as the user of the primary, with its programs.
primary=$(sql postgresql postgres <<<'SHOW data_directory')
bin=$(dirname "$(readlink "/proc/$(head -1 "$primary/postmaster.pid")/exe")")
as_user=()
if ((EUID == 0)); then
    user=$(stat -c %U "$primary")
    chown "$user" "$folder"
    as_user=(setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups)
fi

# start_standby DELAY: it applies what the primary commits after that time.
start_standby() {
    (cd "$folder" && "${as_user[@]}" "$bin/pg_basebackup" --pgdata="$folder/data" --host="$pg_host" \
        --username="$pg_user" --write-recovery-conf --checkpoint=fast --no-sync) >"$work/backup.log" 2>&1
    setpriv --pdeathsig INT timeout --signal=INT 600 "${as_user[@]}" "$bin/postgres" -D "$folder/data" \
        -c port=5499 -c unix_socket_directories="$folder" -c recovery_min_apply_delay="$1" \
        >"$work/standby.log" 2>&1 </dev/null &
    standby=$!
    eventually streaming
}

streaming() {
    [[ $(sql postgresql postgres <<<"SELECT COUNT(*) FROM pg_stat_replication WHERE state = 'streaming'") == 1 ]]
}

fill iam "$name" 6000
sql postgresql postgres <<<"GRANT pg_read_all_stats TO $account"
# However quick the machine is, the work lasts ten seconds, and the standby is seen to be late meanwhile.
slowly=(--batch-size 50 --throttle-interval 100ms --rows-per-second 6000)
start_standby 4s

start "${slowly[@]}" --replica-lag 1s
check "standby: a run waits for a standby that is behind" eventually waits_for_replica
check "standby: and ends within two seconds when it is told to" ends_on_sigterm
check "standby: without harm" unharmed "$name"

start "${slowly[@]}" --replica-lag 1s --max-wait 1s
finish
check "standby: a wait longer than max_wait ends the run" ended 75 replica_lag

start "${slowly[@]}" --replica-lag 1s/2s
finish
check "standby: a lag above the second limit ends the run" ended 75 'critical level'

start "${slowly[@]}" --max-wait 3s --replica-lag 1s
eventually waits_for_replica || true
stop_standby
finish
check "standby: a run whose standby stops while it waits for it ends by max_wait" ended 75 replica_lag
check "standby: and a rerun finishes the work" finished "$name"
exit $((failures > 0))
