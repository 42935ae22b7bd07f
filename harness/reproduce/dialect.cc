#include "harness/reproduce/dialect.h"

#include <algorithm>
#include <array>

namespace lastref {
namespace {

constexpr std::array kDialects = {&kBoringSslDialect, &kGnuTlsDialect,    &kMbedTlsDialect,
                                  &kOpenSslDialect,   &kReferenceDialect, &kWolfSslDialect};

}  // namespace

const Spelling* spelling_of(const Dialect& dialect, Op code) {
  for (const auto& table : {dialect.spellings, dialect.shared_spellings}) {
    const auto found = std::ranges::find(table, code, &Spelling::code);
    if (found != table.end()) return &*found;
  }
  return nullptr;
}

const Dialect* dialect_named(std::string_view name) {
  for (const Dialect* dialect : kDialects) {
    if (dialect->name == name) return dialect;
  }
  return nullptr;
}

std::vector<std::string_view> dialect_names() {
  std::vector<std::string_view> names;
  names.reserve(kDialects.size());
  for (const Dialect* dialect : kDialects) names.push_back(dialect->name);
  return names;
}

}  // namespace lastref
