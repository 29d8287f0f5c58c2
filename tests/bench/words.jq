# SPDX-License-Identifier: Apache-2.0
#
# How figures and contenders are written in tables.

def short: if . == null then "-" elif . >= 100 then round | tostring elif . >= 10 then . * 10 | round / 10 | tostring else . * 100 | round / 100 | tostring end;
def thousands: if . == null then "-" else round | tostring | [while(length > 0; .[:-3]) | .[-3:]] | reverse | join(" ") end;
def times: if . == null then "-" else "\(. * 100 | round / 100) ×" end;

def moves_nothing: .contender == "idle" or .contender == "gc-plan";
def name:
    {"idle": "nothing", "unlimited": "one unlimited DELETE per table", "loop": "loop of DELETEs with LIMIT 1000",
     "server": "the server's own way (a sample)", "gc-1": "iam-token-gc --full-speed, 1 worker",
     "gc-2": "2 workers", "gc-4": "4 workers", "gc-default": "iam-token-gc", "gc-plan": "iam-token-gc plan"}[.] // .;

def line($cells): "| \($cells | join(" | ")) |";
