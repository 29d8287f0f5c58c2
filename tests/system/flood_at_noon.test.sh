#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The flood at noon: a client floods the database while logins go on; the report names it, a plan with a quota shows the
# effect, the run of that plan brings the table back to size, the archive verifies, and a client that was purged by
# mistake comes back.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=../concurrent/lib.sh
. "$(dirname "$0")/../concurrent/lib.sh"

backend=mariadb
name=itgc_flood_$$
archive=$work/archive
mkdir -m 700 "$archive"

ends_with() {
    [[ $code == "$1" ]]
}

says() {
    grep -q -- "$1" "$work/out" "$work/err"
}

tokens_of() {
    sql "$backend" "$name" <<<"SELECT COUNT(*) FROM access_token t JOIN client_details c ON c.id = t.client_id WHERE c.client_id = '$1'"
}

# flood CLIENT FIRST LAST NUMBER: live tokens of a client that does nothing else, each with holder and scope.
flood() {
    sql "$backend" "$name" <<END
INSERT INTO client_details (id, client_id, client_name, access_token_validity_seconds)
SELECT $4, '$1', 'Stress test', 36000 FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM client_details c WHERE c.client_id = '$1');
INSERT INTO authentication_holder (id, client_id) SELECT seq, '$1' FROM seq_$2_to_$3;
INSERT INTO access_token (id, token_value, token_value_hash, expiration, client_id, auth_holder_id)
SELECT seq, CONCAT('$1-', seq), SHA2(CONCAT('$1-', seq), 256), UTC_TIMESTAMP() + INTERVAL 36000 SECOND, $4, seq FROM seq_$2_to_$3;
INSERT INTO token_scope (owner_id, scope) SELECT seq, 'storage.read:/' FROM seq_$2_to_$3;
END
}

# dump: every column of the tables that a purge removes from, in an order of their own.
dump() {
    local table
    for table in access_token token_scope refresh_token authentication_holder authentication_holder_scope; do
        sql "$backend" "$name" <<<"SELECT * FROM $table;" | sort
    done
}

make_shape V108 "$name"
IAM_TOKEN_GC_DATABASE_URL=$(url "$backend" "$name" root)
export IAM_TOKEN_GC_DATABASE_URL IAM_TOKEN_GC_THROTTLE_WATCH_BLOCKING=false
flood stress 1000001 1006000 900001
flood wronged 2000001 2000300 900002

"$sim" run --database-url "$IAM_TOKEN_GC_DATABASE_URL" --rate 40 --seconds 600 --drain \
    --ledger "$work/run.ledger" --json "$work/sim.json" >"$work/sim.out" 2>&1 &
simulator=$!
trap 'kill "$simulator" 2>/dev/null || true; drop_databases; rm -rf "$work"' EXIT

run report --format json
check "report flags the client that floods" bash -c "jq -e '[.clients[] | select(.client_id == \"stress\") | .flags[]] | length > 0' '$work/out' >/dev/null"

quota=(--quota 100 --quota-clients stress)
run plan "${quota[@]}" --out "$work/plan.json" --format json
check "plan with a quota says how many would go" \
    bash -c "[ $code = 0 ] && jq -e '.early.policies.quota.access_token.removed == 5900' '$work/out' >/dev/null"
check "its file shows how the server would carry out the removals of the quota, and the reading for them" bash -c "jq -e '
    .statements | (map(select(.policy == \"quota\" and .target == \"access_token\" and (.sql | contains(\"early.remove\")))) | length == 1)
    and (map(select(.sql | contains(\"early.tokens\"))) | length == 1)
    and all(.explain != \"\" and (.explain | startswith(\"not explained\") | not))' '$work/plan.json' >/dev/null"
check "and removes nothing" test "$(tokens_of stress)" = 6000
run plan "${quota[@]}"
check "and says which value the safety limit would have to have" says 'max_unexpired_rows to 5900 or more'
check "and that such a token stops working" says 'introspection'
run why 1000001 "${quota[@]}"
check "why counts the newer tokens of the client" says 'it is number 6000 of the live tokens'
run why 1005950 "${quota[@]}"
check "and says what keeps one of the newest" says 'quota: within_quota: it is number 51'
run run --plan "$work/plan.json" "${quota[@]}" --plan-tolerance 0.5
check "run --plan refuses live tokens beyond the safety limit (65)" refused 65 'set safety.max_unexpired_rows to 5900'
check "before it removes anything" test "$(tokens_of stress)" = 6000
run run --plan "$work/plan.json" --plan-tolerance 0.5 --max-unexpired-rows 5900
check "run --plan refuses a plan of another policy (65)" refused 65 'settings'
newest=$(sql "$backend" "$name" <<<"SELECT COUNT(*) FROM access_token WHERE client_id = 900001 AND id > 1005900")
run run --plan "$work/plan.json" "${quota[@]}" --plan-tolerance 0.5 --max-unexpired-rows 5900 --archive "$archive"
check "run --plan restores the table to size" test "$code $(tokens_of stress)" = "0 100"
check "and the newest tokens are those that stay" test "$newest" = \
    "$(sql "$backend" "$name" <<<"SELECT COUNT(*) FROM access_token WHERE client_id = 900001")"
check "and no other client loses a live token" test "$(tokens_of wronged)" = 300

kill -TERM "$simulator"
sim_code=0
wait "$simulator" || sim_code=$?
check "the logins that went on meanwhile lost nothing" \
    bash -c "jq -e '.ledger.families > 0 and .ledger.damages == 0' '$work/sim.json' >/dev/null"
check "and none of them failed" test "$sim_code" = 0
run archive verify --archive "$archive"
check "the archive verifies" ends_with 0
check "and names the policy" \
    bash -c "[ \"\$(zstdcat '$archive'/*.zst | jq -r 'select(.table == \"access_token\") | .reason' | grep -c quota)\" = 5900 ]"

dump >"$work/before"
full=$work/full
mkdir -m 700 "$full"
run run --client wronged --max-unexpired-rows 300
check "a purge without the second confirmation is refused (64)" refused 64 'yes-really'
run run --client wronged --yes-really --max-unexpired-rows 300 --archive "$full" --archive-mode full --grace 300d --skip authentication_holder
check "with it the client loses every token" test "$code $(tokens_of wronged)" = "0 0"
run restore --archive "$full" --client wronged
check "restore brings the purged client back" ends_with 0
dump >"$work/after"
check "and the database is what it was" cmp -s "$work/before" "$work/after"

exit $((failures > 0))
