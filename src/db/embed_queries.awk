# SPDX-License-Identifier: Apache-2.0
#
# Usage: awk -f embed_queries.awk sql/queries/*.sql > queries.hpp
#
# Turns the statements of sql/queries into constants `queries::<file>::<name>` of type db::Statement.
#   file.sql                 text for every dialect
#   file.<dialect>.sql       text for one dialect; goes before the portable text
#   -- name: scan            begins a statement
#   -- only: mysql, sqlite   under a name: the other dialects do without this statement
#   -- fragment: runs        begins text that stands for {runs} in the statements of its dialect, in any file
#   -- anything else         documentation
# A statement that lacks text for a dialect is an error, and so is a second statement behind a semicolon.
# Plain POSIX awk; the output does not depend on which awk runs it.

function fail(where, message) {
    print where ": " message | "cat 1>&2"
    failures++
}

function here() {
    return FILENAME ":" FNR
}

function is_identifier(word) {
    return word ~ /^[a-z][a-z0-9_]*$/
}

# "sql/queries/access_token.mysql.sql" -> file "access_token", dialect "mysql" ("portable" without one).
function open_file(    name, parts, count) {
    close_statement()
    name = FILENAME
    sub(/^.*\//, "", name)
    count = split(name, parts, ".")
    file = parts[1]
    dialect = count == 3 ? parts[2] : "portable"
    stem = substr(FILENAME, 1, length(FILENAME) - length(name)) file
    if (count > 3 || !is_identifier(file) || !(dialect in known)) {
        fail(FILENAME, "the name must be <file>.sql or <file>.<mysql|postgresql|sqlite>.sql")
        dialect = "portable"
    }
    statement = ""
}

function open_statement(name, is_fragment,    key) {
    close_statement()
    if (!is_identifier(name)) {
        fail(here(), "\"" name "\" is no statement name; use lower case letters, digits and _")
    }
    key = file SUBSEP name
    if ((key, dialect) in text) {
        fail(here(), "statement " name " is defined twice")
    }
    if (is_fragment) {
        fragment[name] = key
    } else if (!(key in seen)) {
        seen[key] = 1
        order[++total] = key
        stem_of[key] = stem
    }
    statement = key
    started = here()
    body = ""
    pending_space = 0
    quote = ""
    in_block_comment = 0
    ended = 0
}

function close_statement() {
    if (statement == "") {
        return
    }
    if (quote != "") {
        fail(started, "a " quote " is opened and not closed")
    } else if (body == "") {
        fail(started, "the statement is empty")
    } else if (index(body, ")__SQL\"")) {
        fail(started, "the text must not hold )__SQL\"")
    } else if (!(statement in seen) && body ~ /[&\\]/) {
        fail(started, "a fragment must not hold & or \\")
    }
    text[statement, dialect] = body
    statement = ""
}

function restrict(list,    names, count, i) {
    gsub(/[ \t\r]/, "", list)
    if (statement == "") {
        fail(here(), "-- only: belongs under a -- name:")
        return
    }
    if (statement in only && only[statement] != "," list ",") {
        fail(here(), "-- only: contradicts an earlier one of the same statement")
    }
    count = split(list, names, ",")
    for (i = 1; i <= count; i++) {
        if (!(names[i] in known) || names[i] == "portable") {
            fail(here(), "\"" names[i] "\" is no dialect; use mysql, postgresql, sqlite")
        }
    }
    only[statement] = "," list ","
}

function append(characters) {
    if (ended) {
        fail(here(), "a second statement behind the semicolon")
        ended = 0
    }
    body = body (pending_space && body != "" ? " " : "") characters
    pending_space = 0
}

# Adds one line, with comments dropped and blank space made single, except inside quotes and /* */.
function add_line(line,    i, length_of_line, character, pair) {
    length_of_line = length(line)
    for (i = 1; i <= length_of_line; i++) {
        character = substr(line, i, 1)
        pair = substr(line, i, 2)
        if (quote != "") {
            body = body character
            if (character == quote) {
                quote = ""
            }
        } else if (character == " " || character == "\t" || character == "\r") {
            pending_space = 1
        } else if (in_block_comment) {
            append(character)
            if (pair == "*/") {
                append("/")
                i++
                in_block_comment = 0
            }
        } else if (pair == "--") {
            break
        } else if (pair == "/*") {
            append(pair)
            i++
            in_block_comment = 1
        } else if (character == ";") {
            ended = 1
        } else {
            append(character)
            if (character == "'" || character == "\"" || character == "`") {
                quote = character
            }
        }
    }
    if (quote != "") {
        body = body "\n"
    } else {
        pending_space = 1
    }
}

function is_wanted(key, name) {
    return !(key in only) || index(only[key], "," name ",")
}

# Braces of a name that is no fragment of this dialect stay, for the program to fill.
function expanded(sql, dialect_name,    name, from) {
    for (name in fragment) {
        from = (fragment[name], dialect_name) in text ? dialect_name : "portable"
        if ((fragment[name], from) in text) {
            gsub("[{]" name "[}]", text[fragment[name], from], sql)
        }
    }
    return sql
}

# The C++ literal of a statement in one dialect; an empty view for a dialect that does without.
function literal(key, label, name,    sql) {
    if ((key, name) in text) {
        sql = text[key, name]
        if (!is_wanted(key, name)) {
            fail(stem_of[key], "statement " label " has text for " name ", which its -- only: leaves out")
        }
    } else if (!is_wanted(key, name)) {
        return "{}"
    } else if ((key, "portable") in text) {
        sql = text[key, "portable"]
    } else {
        fail(stem_of[key], "statement " label " has no text for " name)
    }
    return "R\"__SQL(/* iam-token-gc " full_name(key) " */ " expanded(sql, name) ")__SQL\""
}

function full_name(key,    parts) {
    split(key, parts, SUBSEP)
    return parts[1] "." parts[2]
}

function write_statement(key,    parts, label) {
    split(key, parts, SUBSEP)
    label = parts[2]
    print ""
    print "namespace queries::" parts[1] " {"
    print "inline constexpr db::Statement " label "{\"" full_name(key) "\","
    print "    " literal(key, label, "mysql") ","
    print "    " literal(key, label, "postgresql") ","
    print "    " literal(key, label, "sqlite") "};"
    print "}"
}

function write_list(    i, parts) {
    print ""
    print "namespace queries {"
    print "inline constexpr std::array<const db::Statement*, " total + 0 "> all{"
    for (i = 1; i <= total; i++) {
        split(order[i], parts, SUBSEP)
        print "    &" parts[1] "::" parts[2] ","
    }
    print "};"
    print "}"
}

BEGIN {
    known["portable"] = known["mysql"] = known["postgresql"] = known["sqlite"] = 1
    failures = 0
}

FILENAME == "/dev/null" { next }

FILENAME != current {
    open_file()
    current = FILENAME
}

quote == "" && /^[ \t]*--[ \t]*(name|fragment):/ {
    is_fragment = /^[ \t]*--[ \t]*fragment:/
    sub(/^[ \t]*--[ \t]*(name|fragment):[ \t]*/, "")
    sub(/[ \t\r]+$/, "")
    open_statement($0, is_fragment)
    next
}

quote == "" && /^[ \t]*--[ \t]*only:/ {
    sub(/^[ \t]*--[ \t]*only:/, "")
    restrict($0)
    next
}

statement == "" {
    if ($0 !~ /^[ \t\r]*(--.*)?$/) {
        fail(here(), "text before the first -- name:")
    }
    next
}

{ add_line($0) }

END {
    close_statement()
    print "// Generated from sql/queries; edit those files."
    print "#pragma once"
    print ""
    print "#include \"db/statement.hpp\""
    print ""
    print "#include <array>"
    for (i = 1; i <= total; i++) {
        write_statement(order[i])
    }
    write_list()
    if (failures > 0) {
        close("cat 1>&2")
        exit 1
    }
}
