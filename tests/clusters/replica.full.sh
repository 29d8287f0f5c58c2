#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A MariaDB primary with a replica that applies late: a run waits for it, ends when it is told to, does not take a
# replica that stopped for one that caught up, and keeps the lag of one that follows under the limit.
# alone: how far a replica is behind depends on the pace of the machine
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
if [[ -z ${ITGC_TEST_REPLICA_SOCKET:-} ]]; then
    exec "$(dirname "$0")/../with-replica" "$0"
fi
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../concurrent/lib.sh
. "$(dirname "$0")/../concurrent/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../faults/lib.sh
. "$(dirname "$0")/../faults/lib.sh"

name=itgc_replica
replica=mysql://$account@127.0.0.1:$ITGC_TEST_REPLICA_PORT

# on_replica: runs standard input there.
on_replica() {
    mariadb --no-defaults --socket="$ITGC_TEST_REPLICA_SOCKET" --user=root --batch --skip-column-names "$@"
}

# delay SECONDS: so late it applies what the primary commits.
delay() {
    on_replica <<<"STOP SLAVE; CHANGE MASTER TO MASTER_DELAY = $1; START SLAVE"
}

# lag: how many seconds it is behind, NULL when it does not apply.
lag() {
    mariadb --no-defaults --socket="$ITGC_TEST_REPLICA_SOCKET" --user=root --vertical --execute="SHOW SLAVE STATUS" |
        awk '/Seconds_Behind_Master:/ { print $2 }'
}

follows() {
    [[ $(on_replica <<<"SELECT COUNT(*) FROM $name.access_token" 2>/dev/null) == "$(tokens_left "$name")" && $(lag) == 0 ]]
}

# same: every table holds the same on both.
same() {
    local tables
    tables=$(tables_of "$name")
    [[ $(sql mariadb "$name" <<<"CHECKSUM TABLE $tables") == "$(on_replica "$name" <<<"CHECKSUM TABLE $tables")" ]]
}

fill V121 "$name" 6000
sql mariadb mysql <<<"GRANT SLAVE MONITOR, REPLICATION MASTER ADMIN ON *.* TO '$account'@'%'"
check "replica: it follows the primary" eventually follows
# However quick the machine is, the work lasts ten seconds, and the replica is seen to be late meanwhile.
slowly=(--batch-size 50 --throttle-interval 100ms --rows-per-second 6000)

delay 4
start "${slowly[@]}" --replicas "$replica" --replica-lag 1s
check "replica: a run waits for a replica that is behind" eventually waits_for_replica
check "replica: and ends within two seconds when it is told to" ends_on_sigterm
check "replica: without harm" unharmed "$name"

start "${slowly[@]}" --replicas discover --replica-lag 1s --max-wait 1s
finish
check "replica: the primary names its replica, and a wait longer than max_wait ends the run" ended 75 replica_lag

start "${slowly[@]}" --replicas "$replica" --replica-lag 1s/2s
finish
check "replica: a lag above the second limit ends the run" ended 75 'critical level'

start "${slowly[@]}" --replicas "$replica" --replica-lag 1s --max-wait 3s
eventually waits_for_replica || true
on_replica <<<'STOP SLAVE'
finish
check "replica: a run whose replica stops while it waits for it ends by max_wait" ended 75 replica_lag

# What it applies is two seconds old, so the lag is there to be seen on a quick machine too: it is looked at until the
# replica follows, and not only as long as the run lasts.
delay 2
check "replica: it catches up" eventually follows
start "${slowly[@]}" --replicas "$replica" --replica-lag 1s
most=0
deadline=$((SECONDS + 120))
while ((SECONDS < deadline)) && { kill -0 "$started" 2>/dev/null || ! follows; }; do
    now=$(lag)
    [[ $now =~ ^[0-9]+$ ]] || now=999
    most=$((now > most ? now : most))
done
finish
echo "# the replica was $most s behind at most"
check "replica: a run keeps the lag under the limit that was set" [ "$code $((most > 0 && most <= 4))" = '0 1' ]
check "replica: and waited for it" waits_for_replica
check "replica: a rerun finishes the work" finished "$name"
delay 0
check "replica: it catches up again" eventually follows
check "replica: and holds the same" same
exit $((failures > 0))
