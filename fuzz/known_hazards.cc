#include "fuzz/known_hazards.h"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <variant>
#include <vector>

#include "fuzz/fuzzer_config.h"
#include "harness/cli/baseline.h"
#include "harness/cli/exit_code.h"
#include "harness/cli/hazard_choice.h"

namespace lastref {

Hazards known_hazards(std::string_view target, std::string_view version) {
  Baseline baseline;
  if (*kFuzzerConfig.baseline != '\0') {
    auto parsed = parse_baseline(kFuzzerConfig.baseline);
    if (const auto* error = std::get_if<BaselineError>(&parsed)) {
      std::fprintf(stderr, "%s\n", error->text("the baseline of this fuzzer").c_str());
      std::exit(static_cast<int>(ExitCode::kUsage));
    }
    baseline.add(std::get<std::vector<BaselineEntry>>(std::move(parsed)));
  }
  const Hazards known = hazards_of(baseline.of(target, version));
  const char* const asked = std::getenv("LASTREF_FUZZ_HAZARDS");
  try {
    return parse_hazards(asked == nullptr ? "known" : asked).on(known);
  } catch (const Failure& failure) {
    std::fprintf(stderr, "LASTREF_FUZZ_HAZARDS: %s\n", failure.what());
    std::exit(static_cast<int>(failure.code()));
  }
}

std::string names_of(Hazards hazards) {
  std::string names;
  for (const HazardRow& row : hazard_table()) {
    if (hazards.has(row.id)) names += (names.empty() ? "" : ",") + std::string(row.name);
  }
  return names.empty() ? "none" : names;
}

}  // namespace lastref
