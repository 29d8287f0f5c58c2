#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# The page of a report in a browser: it runs nothing but its own, it works, and it fits a screen, a phone and paper. The
# pictures are left in the folder page beside the program.
# shellcheck disable=SC2317  # functions are called through check
set -euo pipefail
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=browser.sh
. "$(dirname "$0")/browser.sh"
trap 'stop_browser; drop_databases; rm -rf "$work"' EXIT

pictures=$(dirname "$program")/page
mkdir -p "$pictures"
database=$work/iam.sqlite
page=$work/page.html

# The replay of the incident, with clients that are called to do harm.
make_page() {
    "$(dirname "$program")/demo-seed" "$database" "$source_dir"/tests/fixtures/sqlite/iam/*.sql >/dev/null
    sqlite3 -bail "$database" <<'END'
CREATE TEMP TABLE busiest AS
    SELECT client_id AS id, ROW_NUMBER() OVER (ORDER BY COUNT(*) DESC) AS place FROM access_token GROUP BY client_id;
UPDATE client_details SET client_name = '<script>alert(1)</script>' WHERE id = (SELECT id FROM busiest WHERE place = 1);
UPDATE client_details SET client_name = '</script><script>alert(2)</script><!--' WHERE id = (SELECT id FROM busiest WHERE place = 2);
UPDATE client_details SET client_name = '"><img src=x onerror=alert(3)>' WHERE id = (SELECT id FROM busiest WHERE place = 3);
END
    run report --database-url "sqlite://$database" --format html --output "$page"
    [[ $code == 0 && -s $page ]]
}

no_message() {
    browser POST se/log '{"type": "browser"}' >"$work/out"
    [[ $(<"$work/out") == '[]' ]]
}

only_the_page() {
    browser POST se/log '{"type": "performance"}' |
        jq -r '.[].message | fromjson | .message | select(.method == "Network.requestWillBeSent") | .params.request.url' >"$work/out"
    [[ $(sort -u "$work/out") == "file://$page" ]]
}

no_alert() {
    ! browser GET alert/text >"$work/out" && grep -q 'no such alert' "$work/out"
}

drawn() {
    holds "const canvas = document.getElementById('$1');
        const points = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
        return canvas.width > 200 && points.filter((value, at) => at % 4 === 3 && value > 0).length > 1000;"
}

# fits PIXELS: nothing is wider than the window, but what scrolls by itself.
fits() {
    width "$1"
    holds "return document.documentElement.scrollWidth <= $1 && innerWidth === $1;"
}

sorts() {
    holds "const header = [...document.querySelectorAll('#clients th')].find((one) => one.textContent === '$1');
        const index = header.cellIndex;
        const values = () => [...document.querySelectorAll('#clients tbody tr')].map((row) => Number(row.cells[index].dataset.value));
        header.querySelector('button').click();
        const down = values();
        header.querySelector('button').click();
        const up = values();
        const sorted = [...down].sort((a, b) => b - a);
        return down.length > 2 && new Set(down).size > 2 && String(down) === String(sorted) && String(up) === String(sorted.reverse())
            && header.getAttribute('aria-sort') === 'ascending';"
}

filters() {
    holds "const search = document.getElementById('search');
        search.value = 'ALERT(2)';
        search.dispatchEvent(new Event('input'));
        const shown = [...document.querySelectorAll('#clients tbody tr')].filter((row) => row.checkVisibility());
        const count = document.getElementById('count').textContent;
        search.value = '';
        search.dispatchEvent(new Event('input'));
        return shown.length === 1 && shown[0].textContent.includes('alert(2)') && count.startsWith('1 of ');"
}

filters_by_flag() {
    holds "const flag = document.getElementById('flag');
        const rows = [...document.querySelectorAll('#clients tbody tr')];
        flag.value = 'any';
        flag.dispatchEvent(new Event('change'));
        const right = rows.every((row) => row.checkVisibility() === (row.dataset.flags !== ''));
        flag.value = '';
        flag.dispatchEvent(new Event('change'));
        return right && rows.every((row) => row.checkVisibility());"
}

printed() {
    browser POST print '{"page": {"width": 21, "height": 29.7}, "background": true}' | jq -r . | base64 -d >"$pictures/page.pdf"
    [[ $(head -c 5 "$pictures/page.pdf") == %PDF- && $(stat -c %s "$pictures/page.pdf") -gt 20000 ]]
}

readable_without_scripts() {
    cdp Emulation.setScriptExecutionDisabled '{"value": true}'
    open_page "$page"
    holds "return !document.getElementById('charts').checkVisibility() && !document.getElementById('filter').checkVisibility()
        && [...document.querySelectorAll('#clients tbody tr')].every((row) => row.checkVisibility())
        && document.querySelector('h1').checkVisibility();"
}

# A page whose policy were wrong would still pass everything else.
policy_holds() {
    sed 's|</main>|<script>document.title = "run"</script><p style="color: red" onclick="1">x</p></main>|' "$page" >"$work/changed.html"
    open_page "$work/changed.html"
    holds "return document.title !== 'run' && getComputedStyle(document.querySelector('p[onclick]')).color !== 'rgb(255, 0, 0)';"
}

make_page || { check "the program writes the page" false; exit 1; }
start_browser
width 1280
# What the browser's own first page asked for.
browser POST se/log '{"type": "performance"}' >/dev/null
open_page "$page"
check "a client called <script>alert(1)</script> is shown by that name" holds \
    "return [...document.querySelectorAll('#clients td')].some((cell) => cell.textContent.includes('<script>alert(1)</script>'));"
check "no client's name runs" no_alert
check "no client's name becomes an element" holds \
    "return document.scripts.length === 3 && document.images.length === 0 && document.body.lastElementChild === document.scripts[2];"
for chart in chart-tokens chart-rates chart-forecast; do
    check "$chart is drawn" drawn "$chart"
done
check "the table sorts by numbers, both ways" sorts "access tokens"
check "the table is filtered by a part of a name" filters
check "the table is filtered by flags" filters_by_flag
check "the page fits a screen" fits 1280
picture "$pictures/desktop.png" 1280 2200
check "the page fits a phone" fits 390
picture "$pictures/phone.png" 390 2200
width 1280
check "the page can be printed" printed
check "nothing was complained about in the console" no_message
check "nothing but the page was asked for" only_the_page
check "the page can be read without scripts" readable_without_scripts
picture "$pictures/without-scripts.png" 1280 2200
cdp Emulation.setScriptExecutionDisabled '{"value": false}'
check "the policy of the page stops what is not its own" policy_holds
exit $((failures > 0))
