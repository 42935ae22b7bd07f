#include "harness/campaign/fuzzer.h"

#include <algorithm>
#include <string_view>

namespace lastref {
namespace {

constexpr std::string_view kPrefix = "fuzz_";
constexpr std::string_view kReplay = "_replay";
constexpr std::string_view kHandshakes = "_handshakes";
constexpr std::string_view kMisuse = "_misuse";

}  // namespace

Fuzzer fuzzer_of(const std::filesystem::path& directory, const std::string& name) {
  Fuzzer fuzzer;
  fuzzer.name = name;
  fuzzer.program = directory / name;
  fuzzer.replay = directory / (name + std::string(kReplay));
  // What the last finds is wrong with the ledger, of which a run of the program knows nothing.
  const bool judges_target = name != "fuzz_trace" && !name.starts_with("fuzz_decode_") &&
                             name.starts_with(kPrefix) && !name.ends_with(kMisuse);
  if (!judges_target) return fuzzer;
  fuzzer.target = name.substr(kPrefix.size());
  if (fuzzer.target.ends_with(kHandshakes)) {
    fuzzer.target.resize(fuzzer.target.size() - kHandshakes.size());
  }
  return fuzzer;
}

std::vector<std::string> fuzzers_in(const std::filesystem::path& directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kReplay)) continue;
    name.resize(name.size() - kReplay.size());
    if (std::filesystem::exists(directory / name)) names.push_back(name);
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace lastref
