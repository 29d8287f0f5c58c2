#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# cron/kubernetes: the manifests fit the schemas of Kubernetes and the program, and the image of the Dockerfile, really
# built on a base made here, runs a job as the pod would and ends at SIGTERM. The image takes root, and all of it a
# mirror of Debian and one of npm.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"

manifests=$source_dir/cron/kubernetes
image=localhost/iam-token-gc:test
name=itgc_pod_$$
touch "$work/out" "$work/err"
export NODE_PATH=$work/npm/node_modules

schemas_fit() {
    cp "$source_dir/tests/install/validate.mjs" "$work/npm"
    node "$work/npm/validate.mjs" "$manifests" >"$work/out" 2>&1
}

# value PATH: of the CronJob, by the way it has in JavaScript.
value() {
    node -e "const y = require('js-yaml'); const fs = require('fs');
        const job = y.load(fs.readFileSync('$manifests/cronjob.yaml', 'utf8')).spec.jobTemplate.spec;
        const map = y.load(fs.readFileSync('$manifests/configmap.yaml', 'utf8')).data;
        console.log($1)"
}

# Every exit code of a run but 0 is in one rule; 1 is of report.
every_exit_code_once() {
    local codes
    codes=$(value "job.podFailurePolicy.rules.flatMap(r => r.onExitCodes ? r.onExitCodes.values : []).join(' ')")
    [[ $(tr ' ' '\n' <<<"$codes" | sort -n | paste -sd ' ') == "$("$program" --help | sed -n '/^Exit codes:/,/^Examples:/p' |
        grep -oE '^ *[0-9]+(, [0-9]+)?' | tr -d ',' | tr -s ' ' '\n' | grep -vx -e 0 -e 1 -e '' | sort -n | paste -sd ' ')" ]]
}

# A mirror and a proxy as this machine's apt has them.
make_base() {
    local root=$work/base mirror proxy
    # shellcheck disable=SC2016  # a word of apt's
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
    proxy=$(apt-config dump --format '%v' Acquire::http::Proxy)
    http_proxy=${proxy:-${http_proxy:-}} debootstrap --variant=minbase bookworm "$root" "$mirror" >"$work/log" 2>&1 ||
        return 1
    rm -f "$root/etc/apt/sources.list"
    cp -r /etc/apt/sources.list* /etc/apt/apt.conf.d /etc/apt/trusted.gpg.d "$root/etc/apt/"
    if [[ -d /usr/share/keyrings ]]; then
        cp -r /usr/share/keyrings/. "$root/usr/share/keyrings/"
    fi
    local container
    container=$(buildah from scratch) && buildah add -q "$container" "$root" / >/dev/null &&
        buildah commit -q "$container" docker.io/library/debian:12-slim >/dev/null && buildah rm "$container" >/dev/null
    rm -rf "$root"
}

# Also behind commands that take no shell function, such as timeout.
in_storage=(buildah --root "$work/storage" --runroot "$work/runroot" --storage-driver vfs)
buildah() {
    command "${in_storage[@]}" "$@"
}

build_image() {
    buildah bud --isolation chroot --pull-never -f "$manifests/Dockerfile" -t "$image" "$source_dir" >"$work/log" 2>&1
}

# pod ARGUMENT...: the entry point of the image as the CronJob starts it, but for the place of the termination message:
# here /dev is that of the machine.
pod() {
    local entry
    entry=$(buildah inspect --type image --format '{{index .OCIv1.Config.Entrypoint 0}}' "$image")
    code=0
    timeout 120 "${in_storage[@]}" run --isolation chroot --user 65532:65532 --cap-drop all \
        -v "$work/etc:/etc/iam-token-gc:ro" -v "$work/secret:/run/secrets/iam-token-gc:ro" \
        -v "$work/message:/run/message" -v "$sockets:$sockets" \
        -e IAM_TOKEN_GC_CONFIG=/etc/iam-token-gc/iam-token-gc.yaml \
        -e IAM_TOKEN_GC_DATABASE_PASSWORD_FILE=/run/secrets/iam-token-gc/password \
        -e IAM_TOKEN_GC_REPORT_SUMMARY_FILE=/run/message/termination-log \
        "$container" "$entry" "$@" >"$work/out" 2>"$work/err" </dev/null || code=$?
}

labelled_and_unprivileged() {
    local config
    config=$(buildah inspect --type image --format '{{.OCIv1.Config}}' "$image")
    grep -q org.opencontainers.image.title <<<"$config" && grep -q 65532 <<<"$config"
}

# The process of the program in the container, a descendant of ours.
terminate() {
    local process
    patience=60 eventually grep -qs pause_file "$work/err" || true
    for process in $(pgrep -x iam-token-gc); do
        if grep -qz "IAM_TOKEN_GC_REPORT_SUMMARY_FILE=/run/message/termination-log" "/proc/$process/environ" 2>/dev/null; then
            kill -TERM "$process"
        fi
    done
}

run_in_pod() {
    sockets=$(dirname "$mysql_socket")
    make_database mariadb "$name"
    sql mariadb mysql <<<"CREATE USER iam_token_gc@localhost IDENTIFIED BY 'sesame'"
    sed "s/'%'/'localhost'/" "$source_dir/sql/admin/grants.mysql.sql" |
        mariadb --no-defaults --force --socket="$mysql_socket" --user=root "$name" 2>/dev/null || true
    mkdir "$work/etc" "$work/secret" "$work/message"
    value "map['iam-token-gc.yaml']" |
        sed "s|url: .*|url: mysql://iam_token_gc@localhost/$name?socket=$mysql_socket|" >"$work/etc/iam-token-gc.yaml"
    printf 'sesame' >"$work/secret/password"
    chown 65532:65532 "$work/secret/password"
    chmod 440 "$work/secret/password"
    touch "$work/message/termination-log"
    chmod 666 "$work/message/termination-log"
    chmod 755 "$sockets" "$work"
    container=$(buildah from --pull-never "$image")

    local before
    before=$(count mariadb "$name")
    pod run --dry-run
    check 'image: a dry run in it ends well' [ "$code" = 0 ]
    touch "$work/etc/pause"
    terminate &
    pod run --pause-file /etc/iam-token-gc/pause
    wait "$!" || true
    rm "$work/etc/pause"
    check 'image: SIGTERM ends a run with 143' [ "$code" = 143 ]
    check 'image: and the termination message says so' grep -q 'stopped: signal (exit 143)' "$work/message/termination-log"
    check 'image: nothing was removed' [ "$(count mariadb "$name")" = "$before" ]
    pod run
    check 'image: a run ends well' [ "$code" = 0 ]
    check 'image: the termination message is its summary' grep -q 'stopped: done (exit 0)' "$work/message/termination-log"
    check 'image: and the garbage is gone' [ "$(count mariadb "$name")" != "$before" ]
    chmod 644 "$work/secret/password"
    pod run
    check 'image: a password for everybody is refused with the code of FailJob' [ "$code" = 78 ]
    chmod 700 "$sockets"
}

if ! npm install --prefix "$work/npm" --no-audit --no-fund --silent kubernetes-models@5.1.0 js-yaml@4.1.0 \
    >"$work/out" 2>"$work/err"; then
    echo 'skip - the manifests fit the schemas of Kubernetes: npm cannot install them'
    exit 0
fi
check 'every manifest fits the schema of its kind' schemas_fit
check 'podFailurePolicy knows every exit code of the program once' every_exit_code_once
value "map['iam-token-gc.yaml']" >"$work/configuration.yaml"
run config show --config "$work/configuration.yaml"
check 'the ConfigMap is a configuration of the program' [ "$code" = 0 ]
check 'the deadline of the job is above the time limit of the run (3h)' [ "$(value job.activeDeadlineSeconds)" -gt 10800 ]

if ((EUID != 0)); then
    echo 'skip - the image is built and run: needs root'
elif ! make_base; then
    echo "skip - the image is built and run: debootstrap cannot make a base here, $(tail -n 1 "$work/log")"
else
    trap 'sql mariadb mysql <<<"DROP USER IF EXISTS iam_token_gc@localhost" || true; drop_databases; rm -rf "$work"' EXIT
    code=0
    build_image || code=$?
    cp "$work/log" "$work/err"
    check 'image: the Dockerfile builds' [ "$code" = 0 ]
    check 'image: it has labels and no root' labelled_and_unprivileged
    run_in_pod
fi
exit $((failures > 0))
