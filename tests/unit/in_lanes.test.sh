#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# tests/in-lanes and tests/run-tests on scripts made here, without servers.
set -euo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
# shellcheck source-path=SCRIPTDIR source=verdict.sh
. "$top/tests/unit/verdict.sh"
export ITGC_TEST_SERVERS=env

# script NAME: standard input becomes a program. await FILE waits for it, at most ten seconds.
script() {
    {
        printf '%s\n' '#!/usr/bin/env bash' 'set -euo pipefail' "cd '$work'" \
            "await() { for ((n = 0; n < 500; n++)); do [[ ! -e \$1 ]] || return 0; sleep 0.02; done; return 1; }"
        cat
    } >"$1"
    chmod +x "$1"
}

# lanes PROGRAM...: sets $code, output in the file output.
lanes() {
    code=0
    "$top/tests/in-lanes" "$@" >output 2>&1 || code=$?
}

set +e

script ./first.sh <<'SH'
echo begun >first
echo "first, a line"
await second && echo "ok - the second runs as well"
echo "first, another line"
SH
script ./second.sh <<'SH'
echo begun >second
echo "second, a line"
await first && echo "ok - the first runs as well"
echo "not ok - this one fails"
echo "skip - that one: for a reason"
SH
lanes ./first.sh ./second.sh
[[ $(grep -c ' runs as well$' output) == 2 ]]
verdict "two programs run at the same time"
[[ $(grep -A3 '^== ./first.sh$' output | paste -sd '|') == \
    '== ./first.sh|first, a line|ok - the second runs as well|first, another line' ]]
verdict "what each of them says stays together"
[[ $code == 1 && $(tail -n 1 output) == '2 passed, 1 failed, 1 skipped' ]] &&
    grep -A1 '^failed: ./second.sh$' output | grep -qx 'not ok - this one fails'
verdict "their results are added up, and what failed is named at the end"

rm -f first second
script ./quick.sh <<'SH'
echo "ok - the quick one"
SH
script ./partner.sh <<'SH'
echo begun >second
await first
echo ended >partner
echo "ok - the partner"
SH
script ./apart.sh <<'SH'
# alone: nobody else may be there
[[ -e partner ]] && echo "ok - the others have ended"
SH
lanes ./apart.sh ./first.sh ./quick.sh ./partner.sh
[[ $code == 0 && $(tail -n 1 output) == '4 passed, 0 failed' ]]
verdict "one that wants to be alone waits for all others"

ITGC_TEST_LANES=1 lanes ./quick.sh ./apart.sh ./quick.sh
[[ $(grep '^==' output | paste -sd ' ') == '== ./quick.sh == ./quick.sh == ./apart.sh' && $code == 0 ]]
verdict "a single lane takes them in their order"

script ./deadly.sh <<'SH'
kill -KILL "$(ps -o ppid= "$PPID" | tr -d ' ')"
SH
lanes ./deadly.sh ./quick.sh
[[ $code == 1 && $(tail -n 1 output) == '1 passed, 1 failed' ]] &&
    grep -q '^not ok - ./deadly.sh did not come to its end' output
verdict "a lane that breaks off is a failure, and the others go on"

script ./silent.sh <<<'exit 0'
lanes ./silent.sh ./quick.sh
[[ $code == 1 ]] && grep -qx 'not ok - ./silent.sh ended without a summary' output
verdict "a program that says nothing is a failure"

ITGC_TEST_SERVERS=false lanes ./quick.sh
[[ $code == 1 && $(tail -n 1 output) == '0 passed, 1 failed' ]]
verdict "servers that do not start are a failure"

for name in one two; do
    script ./waits_$name.sh <<SH
echo \$\$ >$name.pid
exec sleep 60
SH
done
"$top/tests/in-lanes" ./waits_one.sh ./waits_two.sh >output 2>&1 &
started=$!
for ((n = 0; n < 500; n++)); do
    [[ ! -s one.pid || ! -s two.pid ]] || break
    sleep 0.02
done
kill -TERM "$started"
wait "$started"
code=$?
[[ $code == 143 ]] && ! kill -0 "$(cat one.pid)" 2>/dev/null && ! kill -0 "$(cat two.pid)" 2>/dev/null
verdict "a signal ends the programs of all lanes"

exit "$failed"
