#include "harness/execute/finding.h"

#include <fmt/format.h>

namespace lastref {

std::string text(const Signature& signature) {
  return fmt::format("{}/{}/{}", name(signature.verdict), name(signature.what),
                     row(signature.code).name);
}

}  // namespace lastref
