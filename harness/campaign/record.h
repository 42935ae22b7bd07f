// How far a campaign is over all its runs: campaign.json in its directory.
#ifndef LASTREF_HARNESS_CAMPAIGN_RECORD_H_
#define LASTREF_HARNESS_CAMPAIGN_RECORD_H_

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>

namespace lastref {

struct FuzzerTally {
  std::uint64_t inputs = 0;   // that were run
  std::uint64_t seconds = 0;  // of fuzzing, all jobs together
  std::uint64_t starts = 0;   // of its engine, each with a seed of its own
  std::uint64_t features = 0;
  std::string trouble;  // the last: why it could not be run, or empty
  // Its engine is started with contexts of each input's own: one alone did not show what it had
  // ended the engine with, which may be what another had left in a context.
  bool fresh_contexts = false;
};

struct CampaignRecord {
  std::uint64_t seed = 0;     // the first run's
  std::uint64_t runs = 0;     // of the campaign
  std::uint64_t seconds = 0;  // of them together
  std::map<std::string, FuzzerTally> fuzzers;

  // Empty for a directory without one. Throws std::runtime_error with the file's name for one that
  // cannot be read.
  static CampaignRecord load(const std::filesystem::path& directory);
  // A kill in the middle leaves the one before. Throws std::runtime_error when it could not be
  // written.
  void save(const std::filesystem::path& directory) const;
};

// Replaces a file in one step, once its bytes are on the disk. Throws std::runtime_error that names
// it.
void replace_file(const std::filesystem::path& path, std::string_view text);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_RECORD_H_
