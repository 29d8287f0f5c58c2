# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
#
# A headless Chromium for the scripts here, driven by WebDriver; $work is theirs. It reaches no network.

work=${work:?}
driver=
session=

# stop_browser: ends the browser, then its driver, by the session and the process that were started here.
stop_browser() {
    if [[ -n $session ]]; then
        curl -s --noproxy '*' --max-time 20 -X DELETE "$session" >/dev/null || true
        session=
    fi
    if [[ -n $driver ]]; then
        kill "$driver" 2>/dev/null || true
        wait "$driver" 2>/dev/null || true
        driver=
    fi
}

# start_browser
start_browser() {
    local port='' deadline=$((SECONDS + 60)) answer
    # The limit is for a driver that this script, killed, cannot stop any more.
    timeout 600 chromedriver --port=0 --log-path="$work/driver.log" >"$work/driver.out" 2>&1 </dev/null &
    driver=$!
    until [[ -n $port ]]; do
        if ((SECONDS > deadline)) || ! kill -0 "$driver" 2>/dev/null; then
            echo "chromedriver does not start:" >&2
            cat "$work/driver.out" >&2
            return 1
        fi
        sleep 0.05
        port=$(sed -n 's/.*successfully on port \([0-9]*\).*/\1/p' "$work/driver.out")
    done
    # Without its sandbox, which an ordinary container does not allow; it sees nothing but a page of ours.
    answer=$(curl -s --noproxy '*' --max-time 60 "http://127.0.0.1:$port/session" -d "$(jq -n --arg profile "$work/profile" '
        {capabilities: {alwaysMatch: {"goog:loggingPrefs": {browser: "ALL", performance: "ALL"}, "goog:chromeOptions": {args:
            ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run",
             "--disable-background-networking", "--proxy-server=127.0.0.1:9", "--user-data-dir=" + $profile]}}}}')")
    session=http://127.0.0.1:$port/session/$(jq -er .value.sessionId <<<"$answer") || {
        session=
        echo "$answer" >&2
        return 1
    }
}

# browser METHOD PATH [JSON]: one command; prints its value as JSON. Fails when the browser refuses it.
browser() {
    local answer
    answer=$(curl -s --noproxy '*' --max-time 60 -X "$1" "$session/$2" -d "${3:-{\}}")
    jq -c .value <<<"$answer"
    jq -e '(.value | type) != "object" or (.value | has("error") | not)' >/dev/null <<<"$answer"
}

# cdp COMMAND JSON: one command of the DevTools protocol.
cdp() {
    browser POST goog/cdp/execute "$(jq -n --arg cmd "$1" --argjson params "$2" '{cmd: $cmd, params: $params}')" >/dev/null
}

# open_page FILE
open_page() {
    browser POST url "$(jq -n --arg url "file://$1" '{url: $url}')" >/dev/null
}

# script TEXT: prints what this function body returns, as JSON.
script() {
    browser POST execute/sync "$(jq -n --arg script "$1" '{script: $script, args: []}')"
}

# holds TEXT: the function body returns true. For check.
holds() {
    script "$1" >"$work/out" && [[ $(<"$work/out") == true ]]
}

# width PIXELS [HEIGHT]: of the window.
width() {
    cdp Emulation.setDeviceMetricsOverride "{\"width\": $1, \"height\": ${2:-900}, \"deviceScaleFactor\": 1, \"mobile\": false}"
}

# picture FILE WIDTH HEIGHT: the page from its top, as high as that.
picture() {
    browser POST goog/cdp/execute "{\"cmd\": \"Page.captureScreenshot\", \"params\": {\"captureBeyondViewport\": true,
        \"clip\": {\"x\": 0, \"y\": 0, \"width\": $2, \"height\": $3, \"scale\": 1}}}" | jq -r .data | base64 -d >"$1"
}
