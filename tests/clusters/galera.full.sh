#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# A Galera cluster of three nodes: iam-sim works on one node, the program on another. Certification failures are tried
# again, a node that holds the cluster back is waited for, a node that dies is left for the next one of the URL, and in
# the end all nodes hold the same.
# alone: three servers on the cores of one
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
if [[ -z ${ITGC_TEST_GALERA_PORTS:-} ]]; then
    exec "$(dirname "$0")/../with-galera" "$0"
fi
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../concurrent/lib.sh
. "$(dirname "$0")/../concurrent/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../faults/lib.sh
. "$(dirname "$0")/../faults/lib.sh"

folder=$ITGC_TEST_GALERA_FOLDER
read -r port1 port2 port3 <<<"$ITGC_TEST_GALERA_PORTS"
name=iam
backend=mariadb
mysql_socket=$folder/node1.sock
url1=mysql://root@127.0.0.1:$port1/$name
export IAM_TOKEN_GC_DATABASE_URL=mysql://$account@127.0.0.1:$port2,127.0.0.1:$port3/$name

# on NODE: runs standard input there.
on() {
    mariadb --no-defaults --socket="$folder/node$1.sock" --user=root --batch --skip-column-names "$name"
}

# same_on NODE NODE...: once all write sets are applied, every table holds the same.
same_on() {
    local node tables expected='' sums
    tables=$(tables_of "$name")
    for node in "$@"; do
        sums=$(on "$node" <<<"SET SESSION wsrep_sync_wait = 15; SELECT 1 FROM access_token LIMIT 1; CHECKSUM TABLE $tables")
        expected=${expected:-$sums}
        [[ $sums == "$expected" ]] || return 1
    done
}

# Another node changes rows that the run is about to remove.
disturb() {
    local i
    for ((i = 0; i < 400; i++)); do
        echo "UPDATE access_token SET expiration = expiration - INTERVAL 1 SECOND
            WHERE expiration < UTC_TIMESTAMP() - INTERVAL 100 SECOND ORDER BY expiration DESC LIMIT 20;"
    done | mariadb --no-defaults --force --socket="$folder/node3.sock" --user=root "$name" >/dev/null 2>&1
}

# Three sessions write more to another node than a third one applies at once.
burden() {
    local session pids=()
    trap 'kill "${pids[@]}" 2>/dev/null' TERM
    for session in 1 2 3; do
        while echo "UPDATE busy SET n = n + 1 WHERE id % 3 = $session - 1;"; do :; done |
            mariadb --no-defaults --force --socket="$folder/node2.sock" --user=root "$name" >/dev/null 2>&1 &
        pids+=($!)
    done
    wait
}

count_of() {
    jq "$1" "$work/out"
}

make_shape V121 "$name"
databases=()
"$sim" seed --database-url "$url1" --tokens 20000 --garbage-share 0.9 --seed "$seed" --ledger "$work/ledger" >"$work/out"
before=$(halves mariadb "$name")
url=$url1

start --full-speed --batch-size 100 --max-rows 8000
disturb &
disturber=$!
finish
kill "$disturber" 2>/dev/null || true
wait "$disturber" 2>/dev/null || true
check "galera: a run beside writes to the same rows on another node ends well" [ "$code" = 0 ]
check "galera: what failed certification was tried again" [ "$(count_of .conflicts)" -gt 0 ]
check "galera: without harm" unharmed "$name"

# A node that lets no more than one write set wait holds the others back all the time.
on 3 <<<"SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=1; gcs.fc_factor=0'"
on 2 <<<"CREATE TABLE busy (id INT PRIMARY KEY, n INT NOT NULL DEFAULT 0); INSERT INTO busy (id) SELECT seq FROM seq_1_to_6000"
burden &
disturber=$!
start --batch-size 20 --max-rows 3000 --throttle-interval 200ms --flow-control 0.0001
finish
kill "$disturber" 2>/dev/null || true
wait "$disturber" 2>/dev/null || true
on 3 <<<"SET GLOBAL wsrep_provider_options = 'gcs.fc_limit=16; gcs.fc_factor=1.0'"
on 2 <<<"DROP TABLE busy"
check "galera: a run during which a node held the cluster back ends well" [ "$code" = 0 ]
check "galera: and waited because of flow control" [ "$(count_of '.pauses.flow_control // 0')" != 0 ]

"$sim" run --database-url "$url1" --rate 40 --seconds 20 --clear-on-refresh=rows --adopt "$work/ledger" \
    --ledger "$work/ledger.new" --json "$work/sim.json" >"$work/sim.out" 2>&1 &
simulator=$!
start --batch-size 50 --busy-share 0.2
all=$(tokens_left "$name")
eventually working "$name" "$all" || true
kill -KILL "$(<"$folder/node2.pid")"
finish
sim_code=0
wait "$simulator" || sim_code=$?
mv "$work/ledger.new" "$work/ledger"
check "galera: a run whose node dies goes on with the next one of its URL" [ "$code" = 0 ]
check "galera: and says that it connected again" [ "$(count_of .reconnects)" -gt 0 ]
check "galera: the server on another node met no error and lost nothing" [ "$sim_code" = 0 ]
sed 's/^/  /' "$work/sim.out" | grep -E 'issuance|error' || true
check "galera: a rerun finishes the work" finished "$name"
check "galera: the nodes that are left hold the same" same_on 1 3
exit $((failures > 0))
