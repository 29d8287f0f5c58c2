# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# The whole job in plain SQL, for the contenders that have to be told: one line per table in the order of removal,
#   TABLE|KEY|INDEX|CONDITION
# KEY tells a row, or an owner where the table has no key; INDEX is what MySQL walks by, empty where there is none.
# Only rows up to the newest seeded one, and holders up to the safe point, as a careful DBA would write it while the
# server goes on issuing. Comes after lib.sh.

no_reference() {
    echo "NOT EXISTS (SELECT 1 FROM $1 x WHERE x.$2 = $3)"
}

# satellites LAST PARENT TABLE:INDEX...: rows whose owner is gone.
satellites() {
    local last=$1 parent=$2 entry
    shift 2
    for entry in "$@"; do
        echo "${entry%:*}|owner_id|${entry#*:}|owner_id <= $last AND $(no_reference "$parent" id "${entry%:*}.owner_id")"
    done
}

garbage() {
    local shape=$1 h=authentication_holder expired="expiration < '$BENCH_CUTOFF'"
    echo "access_token|id|at_exp_idx|$expired"
    if ! has_foreign_keys "$shape"; then
        satellites "$BENCH_LAST_ACCESS_TOKEN" access_token token_scope:ts_oi_idx
    fi
    echo "refresh_token|id|PRIMARY|$expired AND $(no_reference access_token refresh_token_id refresh_token.id)"
    echo "authorization_code|id|PRIMARY|$expired"
    echo "device_code_scope|owner_id||owner_id IN (SELECT id FROM device_code WHERE $expired)"
    echo "device_code_request_parameter|owner_id||owner_id IN (SELECT id FROM device_code WHERE $expired)"
    echo "device_code|id|PRIMARY|$expired"
    echo "$h|id|PRIMARY|id <= $BENCH_SAFE_HOLDER" \
        "AND $(no_reference access_token auth_holder_id $h.id)" \
        "AND $(no_reference refresh_token auth_holder_id $h.id)" \
        "AND $(no_reference authorization_code auth_holder_id $h.id)" \
        "AND $h.id NOT IN (SELECT auth_holder_id FROM device_code WHERE auth_holder_id IS NOT NULL)"
    if ! has_foreign_keys "$shape"; then
        satellites "$BENCH_LAST_HOLDER" $h ${h}_scope:ahs_oi_idx ${h}_authority:aha_oi_idx ${h}_extension:ahe_oi_idx \
            ${h}_request_parameter:ahrp_oi_idx ${h}_resource_id:ahri_oi_idx ${h}_response_type:ahrt_oi_idx
    fi
    echo "saved_user_auth|id|PRIMARY|id <= $BENCH_SAFE_USER_AUTH AND $(no_reference $h user_auth_id saved_user_auth.id)"
    satellites "$BENCH_LAST_USER_AUTH" saved_user_auth saved_user_auth_authority:suaa_oi_idx
    if [[ $shape != mitreid ]]; then
        satellites "$BENCH_LAST_USER_AUTH" saved_user_auth saved_user_auth_info:owner_id
    fi
}
