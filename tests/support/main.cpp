// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

extern "C" const char* __lsan_default_suppressions();

// libpqxx 6.4 forgets the result of a statement that met a lost connection; nothing of ours can
// free it.
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libpqxx-6.4.so";
}

int main(int argc, char** argv) {
    return doctest::Context(argc, argv).run();
}
