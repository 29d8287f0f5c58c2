# SPDX-License-Identifier: Apache-2.0
#
# bench.json as a picture: for each case the tokens a second and the p99 of issuance of every contender, as bars.

def shown: .contender != "gc-plan";
def colour: if startswith("gc-") then "#2a6f97" elif . == "idle" then "#adb5bd" else "#e09f3e" end;
def escaped: gsub("&"; "&amp;") | gsub("<"; "&lt;");
def text($x; $y; $class; $words): "<text x='\($x)' y='\($y)' class='\($class)'>\($words | escaped)</text>";

def bar($x; $y; $value; $most; $words; $colour):
    "<rect x='\($x)' y='\($y)' width='\(if $most > 0 then $value / $most * 240 else 0 end | . * 10 | round / 10)' height='14' fill='\($colour)'/>",
    text($x + 246; $y + 12; "small"; $words);

def picture($top):
    [.contenders[] | select(shown)] as $rows
    | ([$rows[] | select(.contender != "idle") | .tokens_per_second.median] | max // 0) as $fastest
    | ([$rows[].issuance_p99_ms.median] | max // 0) as $slowest
    | text(10; $top; "title"; "\(.server // .backend), \(.case), \(.garbage_tokens) expired tokens"),
      text(130; $top + 18; "small"; "tokens/s"), text(480; $top + 18; "small"; "issuance p99, ms"),
      ($rows | to_entries[] | ($top + 26 + .key * 20) as $y | .value
        | text(10; $y + 12; "small"; .contender),
          (if .contender == "idle" then empty else
            bar(130; $y; .tokens_per_second.median; $fastest; .tokens_per_second.median | round | tostring; .contender | colour) end),
          bar(480; $y; .issuance_p99_ms.median; $slowest; .issuance_p99_ms.median * 10 | round / 10 | tostring; .contender | colour));

def height: 60 + 20 * ([.contenders[] | select(shown)] | length);

(reduce .cases[] as $case ({top: 24, parts: []}; .parts += [{case: $case, top: .top}] | .top += ($case | height))) as $layout
| "<svg xmlns='http://www.w3.org/2000/svg' width='800' height='\($layout.top)' font-family='sans-serif'>",
  "<style>.title { font-size: 14px; font-weight: bold } .small { font-size: 12px }</style>",
  "<rect width='100%' height='100%' fill='white'/>",
  ($layout.parts[] | .top as $top | .case | picture($top)),
  "</svg>"
