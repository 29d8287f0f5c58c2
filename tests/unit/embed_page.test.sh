#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
#
# src/report/page/embed: how the style and the scripts of the page become constants.
set -uo pipefail

top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
# shellcheck source-path=SCRIPTDIR source=verdict.sh
. "$top/tests/unit/verdict.sh"

embed() {
    "$top/src/report/page/embed" "$@" >output 2>errors
}

printf 'alert("1");\n' >page.js
embed script=page.js style=/dev/null
verdict "files are accepted, an empty one too"
grep -qF 'std::string_view script = R"__PAGE(alert("1");' output && grep -qF 'std::string_view style = R"__PAGE()__PAGE";' output
verdict "each becomes a constant of its name"

# The hash of the empty text is well known; the other was computed by another program.
grep -qF 'style_hash = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="' output &&
    grep -qF 'script_hash = "sha256-Jcxfg0nZxcNJjSwBlMRhIzNQqV1AtZXI8s73bTyitPU="' output
verdict "its hash is SHA-256 in base64"

for text in '</script>' '</SCRIPT >' '</style>' '<!-- x' ')__PAGE"' $'\r'; do
    printf 'a%sb\n' "$text" >page.js
    ! embed script=page.js && grep -q '^page.js: must not hold' errors
    verdict "$(printf 'a file with %q stops the build' "$text")"
done

! embed script=missing.js
verdict "a file that is missing stops the build"

exit "$failed"
