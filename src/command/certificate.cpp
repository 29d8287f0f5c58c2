// SPDX-License-Identifier: Apache-2.0
#include "command/commands.hpp"

#include "report/certificate.hpp"
#include "util/error.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

namespace command {

int certificate_verify(const Context& context) {
    const std::string& path = context.invocation.certificate;
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream content;
    content << stream.rdbuf();
    if (!stream) {
        throw util::Error(util::ErrorKind::io,
                          fmt::format("the certificate {} cannot be read; see that it exists and "
                                      "may be read",
                                      path));
    }
    print(context, ::report::certificate_summary(content.str(), path));
    return 0;
}

}  // namespace command
