// SPDX-License-Identifier: Apache-2.0
// The test framework, apart from main so that other programs can link what uses it.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
