#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# Prometheus' own tool on what the program writes for it, and on the alerts in config/.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

promtool=${ITGC_TEST_PROMTOOL:?run these tests with make test-full}
name=itgc_system_metrics_$$

# clean FILE: promtool has nothing to say against it.
clean() {
    [[ $code == 0 && -s $1 ]] && "$promtool" check metrics <"$1" >"$work/err" 2>&1 && [[ ! -s $work/err ]]
}

alone_and_readable() {
    [[ $(stat -c %a "$work/folder/report.prom") == 644 && $(ls "$work/folder") == $'report.prom\nrun.prom' ]]
}

without_database() {
    [[ $code == 69 ]] && code=0 && clean "$work/folder/failed.prom"
}

# Quotes, a line break, a backslash and the label value of the program's own.
hostile_names() {
    sql sqlite "$name" <<'END'
UPDATE client_details SET client_name = 'a"} 1' || char(10) || '# EOF\', client_id = 'other' WHERE id = (SELECT MIN(id) FROM client_details);
END
}

mkdir "$work/folder"
make_database sqlite "$name"
hostile_names
database=$(url sqlite "$name")
run report --database-url "$database" --format openmetrics --output "$work/folder/report.prom"
check "promtool accepts the metrics of a report" clean "$work/folder/report.prom"
run run --database-url "$database" --metrics-file "$work/folder/run.prom"
check "promtool accepts the metrics of a run" clean "$work/folder/run.prom"
check "other accounts may read both, and nothing else is in their folder" alone_and_readable
run run --database-url "sqlite://$work/missing.sqlite" --metrics-file "$work/folder/failed.prom"
check "promtool accepts the metrics of a run that failed" without_database

# tool ARGUMENT...: promtool, in place of the program for check.
tool() {
    (cd "$source_dir/tests/system" && "$promtool" "$@") >"$work/out" 2>"$work/err"
}
check "promtool accepts the alerts" tool check rules --lint-fatal ../../config/prometheus-alerts.yaml
check "every alert fires when it should, and not otherwise" tool test rules alerts.yaml
exit $((failures > 0))
