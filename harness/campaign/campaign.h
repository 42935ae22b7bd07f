// Fuzzers side by side for a time: their corpora grow, what they find is filed. All that it knows
// lies in its directory, so that a kill at any point loses nothing but what an engine was at, and a
// second campaign in the same directory goes on from the first.
//
//   <fuzzer>/corpus       inputs that are worth keeping, minimised at the end
//   <fuzzer>/artifacts    inputs that ended it and that nobody has looked at yet
//   findings/             see finding_group.h
//   campaign.json         see record.h
//   summary.md            see summary.h
#ifndef LASTREF_HARNESS_CAMPAIGN_CAMPAIGN_H_
#define LASTREF_HARNESS_CAMPAIGN_CAMPAIGN_H_

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/campaign/engine_output.h"
#include "harness/campaign/fuzzer.h"
#include "harness/campaign/triage.h"

namespace lastref {

struct CampaignProgress {
  struct Engine {
    std::string fuzzer;
    EngineStatus status;
  };
  std::string stage;            // "seeds", "fuzz", "look", "minimise"
  std::uint64_t seconds = 0;    // of the stage "fuzz"
  std::uint64_t inputs = 0;     // run in all
  std::size_t findings = 0;     // groups
  std::size_t waiting = 0;      // inputs that nobody has looked at yet
  std::vector<Engine> engines;  // those at work
};

struct CampaignOptions {
  std::filesystem::path directory;
  std::vector<Fuzzer> fuzzers;
  std::uint64_t seconds = 0;
  std::size_t jobs = 1;
  // Engines get numbers that follow from it; a campaign that goes on has others than before.
  std::uint64_t seed = 1;
  std::filesystem::path seeds;  // traces that an empty corpus begins with; empty for none
  TriageTools tools;
  // Asked several times a second; false ends the campaign, with all that it knows on the disk.
  std::function<bool(const CampaignProgress&)> progress;
};

struct CampaignResult {
  bool stopped = false;     // by `progress`
  std::size_t waiting = 0;  // inputs that nobody has looked at yet
  std::string summary;
  std::vector<FindingGroup> groups;
  std::vector<std::string> troubles;  // fuzzers that could not be run, each with why
};

// Throws std::runtime_error when another campaign is at work in the directory, and that or
// std::system_error when the directory cannot be written to.
CampaignResult run_campaign(const CampaignOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_CAMPAIGN_H_
