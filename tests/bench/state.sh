# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# What is left of the seeded rows: table, rows, checksum, a line each. Rows that the simulator added have higher ids.
# Values of tokens and codes are not read. Comes after lib.sh.

# TABLE|KEY|LAST KEY|OTHER COLUMNS
compared_tables() {
    local h=authentication_holder owner
    echo "access_token|id|$BENCH_LAST_ACCESS_TOKEN|expiration, client_id, auth_holder_id, refresh_token_id"
    echo "token_scope|owner_id|$BENCH_LAST_ACCESS_TOKEN|scope"
    echo "refresh_token|id|$BENCH_LAST_REFRESH_TOKEN|expiration, client_id, auth_holder_id"
    echo "authorization_code|id|$BENCH_LAST_CODE|expiration, auth_holder_id"
    echo "device_code|id|$BENCH_LAST_DEVICE|expiration, client_id, auth_holder_id"
    echo "device_code_scope|owner_id|$BENCH_LAST_DEVICE|scope"
    echo "device_code_request_parameter|owner_id|$BENCH_LAST_DEVICE|param, val"
    echo "$h|id|$BENCH_LAST_HOLDER|client_id, user_auth_id"
    for owner in scope:scope authority:authority extension:extension,val request_parameter:param,val \
        resource_id:resource_id response_type:response_type; do
        echo "${h}_${owner%:*}|owner_id|$BENCH_LAST_HOLDER|${owner#*:}"
    done
    echo "saved_user_auth|id|$BENCH_LAST_USER_AUTH|name"
    echo "saved_user_auth_authority|owner_id|$BENCH_LAST_USER_AUTH|authority"
    if [[ $BENCH_SHAPE != mitreid ]]; then
        echo "saved_user_auth_info|owner_id|$BENCH_LAST_USER_AUTH|info_key, info_val"
    fi
}

end_state() {
    local hash="CRC32(CONCAT_WS('#', " end="))"
    if [[ $BENCH_BACKEND == postgresql ]]; then
        hash="hashtextextended(concat_ws('#', " end="), 0)"
    fi
    while IFS='|' read -r table key last columns; do
        echo "SELECT '$table', COUNT(*), COALESCE(SUM($hash$key, $columns$end), 0) FROM $table WHERE $key <= $last;"
    done < <(compared_tables) | sql
}
