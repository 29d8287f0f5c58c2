// SPDX-License-Identifier: Apache-2.0
#include "cli/troubles.hpp"

namespace cli {

namespace {

constexpr std::array k_exit_codes{
    ExitCode{"0", "Finished, or stopped at a limit it was given; the report says which",
             "Nothing. When stop_reason is a limit, the next run goes on where this one stopped."},
    ExitCode{"1", "A client is flagged, and report was to fail on that (--fail-on flagged)",
             "Look at the flagged clients in the report."},
    ExitCode{"64", "Bad command line",
             "Read the sentence on standard error; iam-token-gc COMMAND --help lists the options "
             "of a command."},
    ExitCode{"65",
             "Not a database this program knows, or a safety limit or the clock check refused",
             "Do not repeat the run as it is. The sentence names the table, the limit or the "
             "clock; find it below."},
    ExitCode{"69", "Cannot reach the database, or lost it for good; try again later",
             "See whether the server runs, whether database.url names it, and whether its "
             "certificate is valid. What was committed stays removed, the next run goes on."},
    ExitCode{"70", "A bug", "Report it, with the version and the sentence."},
    ExitCode{"74", "The report or another output could not be written; try again",
             "Free room, or choose another place with --output. A run finds this out before it "
             "removes anything."},
    ExitCode{"75", "Another run holds the lock, or a budget is used up; try again later",
             "Nothing, if it is rare. If it is not, the server is too busy at that hour, or runs "
             "follow each other too closely."},
    ExitCode{"77", "Missing privilege, or a read-only server",
             "iam-token-gc check prints the GRANT that is missing. A read-only server is a replica "
             "or in maintenance; name the primary."},
    ExitCode{"78", "Bad configuration",
             "The sentence names the file and line, the variable or the option; iam-token-gc "
             "config show prints what is in force."},
    ExitCode{"130, 143",
             "Stopped by SIGINT or SIGTERM: the batch in hand was finished or rolled back and the "
             "report written; a second signal ends it at once",
             "Nothing. The next run goes on."},
};

constexpr std::array k_refusals{
    Refusal{"has no table",
            "The database is not one of INDIGO IAM or MITREid Connect, or the account has no "
            "right on the table, which then seems not to be there. Exit code 65.",
            "Check the name of the database in database.url, and the rights."},
    Refusal{"no index leads on",
            "A target is refused because each of its batches would read a whole big table; the "
            "other targets are collected.",
            "Let a DBA run the CREATE INDEX that is printed, in a quiet hour, or raise "
            "limits.scan_rows if the table is small enough to be read."},
    Refusal{"and this program does not know that",
            "A foreign key of a table that is not part of the identity server refers to the "
            "target, so removing rows would touch rows that nobody here knows. That target is "
            "refused.",
            "Find out whose table it is, and skip the target until it is gone."},
    Refusal{"no token or code expired longer than orphans.margin ago",
            "Holders have no date; without an old token nothing tells how old they are. They wait.",
            "Nothing, it passes by itself."},
    Refusal{"storage engine",
            "MyISAM has no transactions, a batch could not be undone. Exit code "
            "65.",
            "ALTER TABLE ... ENGINE=InnoDB."},
    Refusal{"in another time zone",
            "The newest tokens expire at moments that the database's clock does not explain, so "
            "'expired' cannot be trusted. Exit code 65.",
            "Set database.time_zone to the zone of the server's JVM. clock.ignore is for a server "
            "that issued nothing lately."},
    Refusal{"this machine's differ by",
            "They differ by more than clock.host_tolerance. Exit code 65.",
            "Mend the time synchronisation of the one that is wrong."},
    Refusal{"had expired when the run",
            "The run removed more than there was to remove when it began, by more than "
            "safety.tolerance, and stopped. Exit code 65.",
            "Look for another clean-up at work or a clock that jumped; then run again."},
    Refusal{"make a new plan",
            "The database, its schema, the settings or what there is to remove are no longer those "
            "of the plan that the run is held to, or the plan is too old. Nothing was removed. "
            "Exit code 65.",
            "iam-token-gc plan --out writes a new one; plan.lifetime and plan.tolerance say how "
            "far apart the two may be."},
    Refusal{"was altered",
            "A plan, a certificate or an archive is not what the program wrote. Exit code 65.",
            "Do not trust the file; find out who changed it."},
    Refusal{"another run works on", "One run at a time works on a database. Exit code 75.",
            "Wait for it. The sentence names its session and host."},
    Refusal{"critical level",
            "A signal of the server was above the second limit that throttle.* gives it, or held "
            "the run up for longer than throttle.max_wait. Exit code 75.",
            "Run at a quieter hour, or look at what the sentence names, most often a replica that "
            "is behind."},
    Refusal{"a password on the command line",
            "Every user of a machine can read the command lines of all processes. Exit code 64.",
            "Use database.password_file, IAM_TOKEN_GC_DATABASE_PASSWORD, ~/.my.cnf or ~/.pgpass, "
            "and change the password, because it has been seen."},
    Refusal{"every user of this machine may read or change",
            "A file with a password is open to all. Exit code 78.",
            "chmod o= FILE, and change the password."},
    Refusal{"cannot open a session with",
            "The server is down, refuses the account, or its certificate is expired, names another "
            "host, or comes from an authority that this machine does not know. Exit code 69 or 77.",
            "The rest of the sentence says which. Renew the certificate, use the name that it has, "
            "or name your authority in database.tls_ca; database.tls: require gives up on knowing "
            "who the server is."},
    Refusal{"the session is not encrypted although TLS is asked",
            "The server has no TLS. Exit code 78.",
            "Switch it on there. database.tls: off sends everything in the clear."},
    Refusal{"name a writable server",
            "The server takes no writes: it is a replica, or in maintenance. Exit code 77.",
            "Name the primary in database.url."},
    Refusal{"batches kept another session waiting",
            "Not a refusal: a batch was halved because somebody waited for its locks.",
            "Nothing, unless it is many; then lower limits.batch_time."},
};

}  // namespace

std::span<const ExitCode> exit_codes() {
    return k_exit_codes;
}

std::span<const Refusal> refusals() {
    return k_refusals;
}

}  // namespace cli
