#include "harness/campaign/record.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace lastref {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kFile = "campaign.json";
constexpr mode_t kFileMode = 0644;

[[noreturn]] void fail(const fs::path& path, const std::string& why) {
  throw std::runtime_error(path.string() + ": " + why);
}

bool write_all(int file, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = write(file, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  return fsync(file) == 0;
}

}  // namespace

void replace_file(const fs::path& path, std::string_view text) {
  const fs::path fresh = path.string() + ".new";
  const int file = open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, kFileMode);
  if (file < 0) fail(path, std::string("it cannot be written: ") + std::strerror(errno));
  const bool written = write_all(file, text);
  const int error = errno;
  close(file);
  if (!written) {
    unlink(fresh.c_str());
    fail(path, std::string("not all of it could be written: ") + std::strerror(error));
  }
  fs::rename(fresh, path);
}

CampaignRecord CampaignRecord::load(const fs::path& directory) {
  CampaignRecord record;
  const fs::path path = directory / kFile;
  std::ifstream file(path, std::ios::binary);
  if (!file) return record;
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  try {
    const json read = json::parse(text);
    record.seed = read.at("seed");
    record.runs = read.at("runs");
    record.seconds = read.at("seconds");
    for (const auto& [name, of] : read.at("fuzzers").items()) {
      FuzzerTally& tally = record.fuzzers[name];
      tally.inputs = of.at("inputs");
      tally.seconds = of.at("seconds");
      tally.starts = of.at("starts");
      tally.features = of.at("features");
      tally.fresh_contexts = of.value("fresh_contexts", false);  // older records have none
      tally.trouble = of.at("trouble");
    }
  } catch (const json::exception& error) {
    fail(path, std::string("found no record of a campaign (") + error.what() +
                   "); move it away to begin anew, corpus and findings stay");
  }
  return record;
}

void CampaignRecord::save(const fs::path& directory) const {
  json written = {{"seed", seed}, {"runs", runs}, {"seconds", seconds}};
  written["fuzzers"] = json::object();
  for (const auto& [name, tally] : fuzzers) {
    written["fuzzers"][name] = {{"inputs", tally.inputs},
                                {"seconds", tally.seconds},
                                {"starts", tally.starts},
                                {"features", tally.features},
                                {"fresh_contexts", tally.fresh_contexts},
                                {"trouble", tally.trouble}};
  }
  replace_file(directory / kFile, written.dump(2) + "\n");
}

}  // namespace lastref
