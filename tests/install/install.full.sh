#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# make install and make uninstall in a folder of their own, and what they install: man page, completions, units and the
# crontab line, each used as its reader would.
# alone: it calls make in the tree that others test
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=../system/lib.sh
. "$(dirname "$0")/../system/lib.sh"

image=$work/image
touch "$work/out" "$work/err"

# make TARGET...: as from a shell of its own.
install_with() {
    code=0
    env -u MAKEFLAGS -u MAKELEVEL -u MFLAGS make -C "$source_dir" DESTDIR="$image" PREFIX=/usr "$@" \
        >"$work/out" 2>"$work/err" || code=$?
}

# Whatever man finds wrong with it is a line here.
man_page_is_clean() {
    local page=$image/usr/share/man/man1/iam-token-gc.1
    [[ -z $(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$page" 2>&1 >/dev/null) ]] &&
        LC_ALL=C.UTF-8 man -l "$page" | grep -q 'WHEN IT GOES WRONG'
}

bash_completes() {
    # shellcheck disable=SC1091
    (
        . "$image/usr/share/bash-completion/completions/iam-token-gc"
        COMP_WORDS=(iam-token-gc run --tls ver) COMP_CWORD=3
        _iam_token_gc
        [[ ${COMPREPLY[*]} == 'verify-full verify-ca' ]]
        COMP_WORDS=(iam-token-gc run --max-r) COMP_CWORD=2
        _iam_token_gc
        [[ ${COMPREPLY[*]} == '--max-rows' ]]
    )
}

exposure() {
    systemd-analyze security --offline=true --threshold=20 "$image/usr/lib/systemd/system/iam-token-gc.service" >/dev/null
}

# The unit names a program that is not installed here, so it is looked at with one that is.
units_are_clean() {
    local folder=$work/units
    mkdir -p "$folder"
    cp "$image"/usr/lib/systemd/system/iam-token-gc.* "$folder"
    sed -i "s|^ExecStart=/usr/bin/iam-token-gc|ExecStart=$program|; s|^Documentation=.*||" "$folder"/*
    ! systemd-analyze verify --man=no "$folder/iam-token-gc.service" "$folder/iam-token-gc.timer" 2>&1 |
        grep -qF iam-token-gc && systemd-analyze calendar '*-*-* 03:17' >/dev/null
}

# Every refusal of the man page is found by words that the program really says.
words_are_said() {
    local words
    while read -r words; do
        if ! grep -rqF --include='*.cpp' --exclude=troubles.cpp -- "$words" "$source_dir/src"; then
            echo "nothing says: $words" >>"$work/err"
            return 1
        fi
    done < <(sed -n '/^.SS By the words/,/^.SH/{/^\.B /{s/^\.B //;s/\\//g;p}}' "$image/usr/share/man/man1/iam-token-gc.1")
}

# cron_line: what cron would run, in the environment that the file sets and no other.
cron_line() {
    local file=$image/usr/share/iam-token-gc/iam-token-gc.cron command settings
    mapfile -t settings < <(grep -E '^[A-Z_]+=' "$file" | sed "s|^PATH=|PATH=$image/usr/bin:|")
    command=$(grep -E '^[0-9]' "$file" | sed -E 's/^(\S+\s+){6}//')
    code=0
    env -i HOME="$work" IAM_TOKEN_GC_DATABASE_URL="$1" "${settings[@]}" /bin/sh -c "$command" \
        >"$work/out" 2>"$work/err" </dev/null || code=$?
}

silent() {
    [[ $code == 0 && ! -s $work/out && ! -s $work/err ]]
}

by_cron() {
    make_database sqlite nightly
    local before after
    before=$(count sqlite nightly)
    cron_line "$(url sqlite nightly)"
    after=$(count sqlite nightly)
    check 'cron: a night without trouble sends no mail' silent
    check 'cron: and the garbage is gone' [ "$before" != "$after" ]
    cron_line "sqlite://$work/none.sqlite"
    check 'cron: trouble is one sentence and an exit code' refused 69 none.sqlite
}

install_with install
check 'make install works with DESTDIR and PREFIX' [ "$code" = 0 ]
check 'the installed program runs' [ "$("$image/usr/bin/iam-token-gc" --version)" != '' ]
check 'the man page is read by man without a warning' man_page_is_clean
check 'the man page lists words that the program says' words_are_said
check 'bash completes options and values' bash_completes
check 'zsh understands its completion' zsh -n "$image/usr/share/zsh/vendor-completions/_iam-token-gc"
check 'the service is hardened (systemd-analyze security, at most 2.0)' exposure
check 'systemd finds nothing wrong with service and timer' units_are_clean
by_cron
echo '# mine' >>"$image/etc/iam-token-gc/iam-token-gc.yaml"
install_with install
check 'a configuration that is there is kept' grep -q mine "$image/etc/iam-token-gc/iam-token-gc.yaml"
install_with uninstall
check 'make uninstall leaves the configuration and nothing else' \
    [ "$(find "$image" -type f -printf '%P ')" = 'etc/iam-token-gc/iam-token-gc.yaml ' ]
exit $((failures > 0))
