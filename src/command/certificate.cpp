// SPDX-License-Identifier: Apache-2.0
#include "command/commands.hpp"

#include "report/certificate.hpp"
#include "util/read_file.hpp"

#include <string>

namespace command {

int certificate_verify(const Context& context) {
    const std::string& path = context.invocation.certificate;
    const std::string text = util::read_file(path, "the certificate " + path);
    print(context, ::report::certificate_summary(text, path));
    return 0;
}

}  // namespace command
