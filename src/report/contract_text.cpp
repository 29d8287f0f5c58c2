// SPDX-License-Identifier: Apache-2.0
#include "report/contract_text.hpp"

#include "report/text.hpp"

#include <fmt/format.h>

namespace report {

std::string contract_text(const RunDocument& document) {
    std::string text;
    if (document.archive) {
        text += "\n" + wrapped(fmt::format("archive: {} rows with run {} in {} (mode {})",
                                           grouped(document.archive->rows), document.archive->run,
                                           document.archive->folder, document.archive->mode),
                               0);
    }
    if (document.plan_sha256.empty()) {
        return text;
    }
    text += fmt::format("\nplan {}\n  {:<44}{:>14}{:>14}\n", document.plan_sha256, "", "planned",
                        document.run.dry_run ? "to remove" : "removed");
    for (const Reconciled& row : document.reconciled) {
        if (row.planned == 0 && row.removed == 0 && row.reasons.empty()) {
            continue;
        }
        text += fmt::format("  {:<44}{:>14}{:>14}\n", row.table, grouped(row.planned),
                            grouped(row.removed));
        for (const std::string& reason : row.reasons) {
            text += wrapped(reason, 4);
        }
    }
    return text;
}

}  // namespace report
