#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The way to the server and the password: a good, a foreign, a misnamed and an expired certificate on servers that
# listen on loopback, and every place that a password may come from.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"

name=itgc_system_tls
password='open%sesame&#1'
authority=${ITGC_TLS_FOLDER:-$work/tls}/ca.pem

free_port() {
    local port
    while true; do
        port=$((20000 + RANDOM % 10000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            echo "$port"
            return
        fi
    done
}

# certificate NAME AUTHORITY HOST DAYS
certificate() {
    openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.csr" \
        -subj "/CN=$3" 2>/dev/null
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -days "$4" -out "$1.pem" \
        -extfile <(echo "subjectAltName=DNS:$3$5") 2>/dev/null
}

authority() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$1.key" -out "$1.pem" \
        -subj "/CN=$1" -days 30 2>/dev/null
}

make_certificates() {
    chmod 755 "$work"
    mkdir "$work/tls"
    (
        cd "$work/tls"
        authority ca
        authority stranger
        certificate good ca localhost 30 ,IP:127.0.0.1
        certificate foreign stranger localhost 30 ,IP:127.0.0.1
        certificate misnamed ca other.example.org 30 ''
        certificate expired ca localhost -1 ,IP:127.0.0.1
        cp good.pem server.pem
        cp good.key server.key
    )
    # PostgreSQL wants to own its key; MariaDB runs as root then and reads everything.
    if ((EUID == 0)); then
        chown -R "$(id -un postgres 2>/dev/null || echo nobody)" "$work/tls"
    fi
}

# use NAME: from now on the server shows that certificate.
use() {
    cat "$ITGC_TLS_FOLDER/$1.pem" >"$ITGC_TLS_FOLDER/server.pem"
    cat "$ITGC_TLS_FOLDER/$1.key" >"$ITGC_TLS_FOLDER/server.key"
    if [[ $backend == mariadb ]]; then
        sql mariadb mysql <<<"FLUSH SSL"
    else
        sql postgresql postgres <<<"SELECT pg_reload_conf()" >/dev/null
        # A reload is done some time after it is asked for.
        eventually presents "$1" || true
    fi
}

# presents NAME: the server shows that certificate.
presents() {
    [[ $(openssl s_client -starttls postgres -connect "127.0.0.1:$ITGC_TLS_PORT" </dev/null 2>/dev/null |
        openssl x509 -noout -serial -issuer 2>/dev/null) == \
        "$(openssl x509 -noout -serial -issuer -in "$ITGC_TLS_FOLDER/$1.pem")" ]]
}

scheme() {
    echo "${1/mariadb/mysql}"
}

# over HOST OPTION...: check through TCP to that name of this machine.
over() {
    local host=$1
    shift
    run check --database-url "$(scheme "$backend")://gc@$host:$ITGC_TLS_PORT/$name" "$@"
}

connected() {
    [[ $code == 0 ]] && grep -q 'TLSv1' "$work/out"
}

# What could not connect says so as a finding of check.
refused_here() {
    [[ $code == 69 ]] && grep -qi 'cannot open a session' "$work/out" && ! grep -q "$password" "$work/out" "$work/err"
}

certificates() {
    local mode
    use good
    for mode in verify-full verify-ca require; do
        over 127.0.0.1 --tls "$mode" --tls-ca "$authority"
        check "$backend: $mode takes a good certificate" connected
    done
    over 127.0.0.1 --tls verify-full
    check "$backend: an authority that this machine does not know is refused" refused_here
    over 127.0.0.1
    check "$backend: loopback needs no TLS" [ "$code" = 0 ]
    over 0.0.0.0 --tls-ca "$authority"
    check "$backend: every other address is verified unless told otherwise" refused_here
    over 0.0.0.0 --tls off
    check "$backend: and off is off" grep -q 'not encrypted' "$work/out"

    use misnamed
    over 127.0.0.1 --tls verify-full --tls-ca "$authority"
    check "$backend: verify-full refuses a certificate for another host" refused_here
    over 127.0.0.1 --tls verify-ca --tls-ca "$authority"
    check "$backend: which verify-ca takes" connected

    use foreign
    over 127.0.0.1 --tls verify-full --tls-ca "$authority"
    check "$backend: verify-full refuses a certificate of a foreign authority" refused_here
    over 127.0.0.1 --tls verify-ca --tls-ca "$authority"
    check "$backend: and so does verify-ca" refused_here
    over 127.0.0.1 --tls require
    check "$backend: which require takes" connected

    use expired
    over 127.0.0.1 --tls verify-full --tls-ca "$authority"
    check "$backend: verify-full refuses an expired certificate" refused_here
    over 127.0.0.1 --tls verify-ca --tls-ca "$authority"
    check "$backend: and so does verify-ca" refused_here
    use good
}

# Secrets are never an argument, and no message repeats one.
passwords() {
    local home=$work/home
    mkdir -p "$home"
    export HOME=$home
    unset IAM_TOKEN_GC_DATABASE_PASSWORD
    over 127.0.0.1
    check "$backend: without a password the server refuses" [ "$code" != 0 ]
    printf '%s\n' "$password" >"$work/password"
    chmod 600 "$work/password"
    over 127.0.0.1 --password-file "$work/password"
    check "$backend: the password may stand in a file" [ "$code" = 0 ]
    chmod 644 "$work/password"
    over 127.0.0.1 --password-file "$work/password"
    check "$backend: but not in one that everybody may read (78)" refused 78 'chmod o='
    if [[ $backend == mariadb ]]; then
        (umask 077 && printf '[client]\npassword = "%s"\n' "$password" >"$home/.my.cnf")
        over 127.0.0.1
        check "$backend: it may stand in ~/.my.cnf" [ "$code" = 0 ]
        rm "$home/.my.cnf"
    else
        (umask 077 && printf '127.0.0.1:*:*:gc:%s\n' "$password" >"$home/.pgpass")
        over 127.0.0.1
        check "$backend: it may stand in ~/.pgpass" [ "$code" = 0 ]
        rm "$home/.pgpass"
    fi
    IAM_TOKEN_GC_DATABASE_PASSWORD=not-$password over 127.0.0.1 --log-level debug
    check "$backend: no message repeats a wrong one" bash -c "(($code != 0)) && ! grep -q sesame '$work/out' '$work/err'"
}

# Here with the private server of this part.
on_backend() {
    backend=$1
    make_database "$backend" "$name"
    if [[ $backend == mariadb ]]; then
        sql mariadb mysql <<<"CREATE USER gc@'%' IDENTIFIED BY '$password'; GRANT ALL ON $name.* TO gc@'%'"
    else
        sql postgresql postgres <<<"CREATE ROLE gc LOGIN SUPERUSER PASSWORD '$password'"
    fi
    export IAM_TOKEN_GC_DATABASE_PASSWORD=$password
    certificates
    passwords
}

without_tls() {
    backend=$1
    make_database "$backend" "$name"
    sql mariadb mysql <<<"CREATE USER gc@'%'; GRANT ALL ON $name.* TO gc@'%'"
    over 127.0.0.1 --tls require
    check "$backend: a server without TLS is refused where it is asked for (78)" refused 78 'not encrypted'
    over 127.0.0.1 --tls verify-full --tls-ca "$ITGC_TLS_FOLDER/ca.pem"
    check "$backend: and where it is to be verified" refused_here
}

# A process that waits shows its limits; where nobody but root may look, nobody may read its memory either.
core_dumps() {
    local process limits
    make_database sqlite waits
    touch "$work/pause" "$work/err"
    "$program" run --database-url "$(url sqlite waits)" --pause-file "$work/pause" \
        >"$work/out" 2>"$work/err" </dev/null &
    process=$!
    until grep -q pause_file "$work/err" || ! kill -0 "$process" 2>/dev/null; do
        :
    done
    limits=$(cat "/proc/$process/limits" 2>/dev/null || echo 'Max core file size 0 0')
    kill -TERM "$process"
    code=0
    wait "$process" || code=$?
    check 'a crash leaves no core dump with the password in it' grep -Eq 'core file size +0 +0' <<<"$limits"
}

# part NAME: this script with a private server of that kind.
part() {
    ITGC_TLS_PART=$1 "$source_dir/tests/with-$2" "$0" || failures=$((failures + 1))
}

case ${ITGC_TLS_PART:-} in
mariadb | postgresql) on_backend "$ITGC_TLS_PART" ;;
without) without_tls mariadb ;;
*)
    make_certificates
    export ITGC_TLS_FOLDER=$work/tls
    ITGC_TLS_PORT=$(free_port)
    export ITGC_TLS_PORT
    tcp="--innodb-fast-shutdown=2 --skip-networking=0 --bind-address=127.0.0.1 --port=$ITGC_TLS_PORT"
    ITGC_TEST_MARIADB_SETTINGS="$tcp --ssl-cert=$work/tls/server.pem --ssl-key=$work/tls/server.key" \
        part mariadb mariadb
    ITGC_TEST_MARIADB_SETTINGS="$tcp --skip-ssl" part without mariadb
    printf 'local all all trust\nhost all all all scram-sha-256\n' >"$work/tls/hba"
    ITGC_TEST_POSTGRESQL_SETTINGS="listen_addresses = '127.0.0.1'
port = $ITGC_TLS_PORT
ssl = on
ssl_cert_file = '$work/tls/server.pem'
ssl_key_file = '$work/tls/server.key'
hba_file = '$work/tls/hba'" PGPORT=$ITGC_TLS_PORT part postgresql postgresql
    core_dumps
    ;;
esac
exit $((failures > 0))
