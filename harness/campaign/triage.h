// Looks at an input that ended a fuzzer: whether a fresh process shows it again, what the smallest
// program of it is, and to which group it belongs.
#ifndef LASTREF_HARNESS_CAMPAIGN_TRIAGE_H_
#define LASTREF_HARNESS_CAMPAIGN_TRIAGE_H_

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/campaign/finding_group.h"
#include "harness/campaign/fuzzer.h"
#include "harness/execute/finding.h"
#include "harness/generate/check.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

// What a triage does its work with.
struct TriageTools {
  std::function<ShrinkReport(const std::string& target, const Program&, Hazards)> shrink;
  std::function<std::string(const std::string& target, Contract*)> target_contract;
  std::function<std::string(const std::string& target, std::string* error)> target_version;
  // The baseline's entry that lists a finding and whose hazard is off; empty for none.
  std::function<std::string(const Finding&, Hazards on)> known_as;
  // The program as C, empty where it cannot be written.
  std::function<std::string(const Finding&, const Contract&)> source;
};

class Triage {
 public:
  // `directory`: the campaign's.
  Triage(const std::filesystem::path& directory, const TriageTools& tools);

  // Files one input; it is gone from where it was afterwards. Throws std::runtime_error or
  // std::system_error when it cannot, for instance on a full disk; the input then stays. False when
  // a fresh process showed nothing.
  bool file(const Fuzzer& fuzzer, const std::filesystem::path& input);

 private:
  struct Sight {
    std::string report;
    std::string symptom;
    bool seen = false;
  };

  Sight look(const Fuzzer& fuzzer, const std::filesystem::path& input) const;
  // What a replay prints when it is asked so.
  std::string ask(const Fuzzer& fuzzer, const std::vector<std::string>& words) const;
  // Fills in the group and its files from the smallest program; false where no worker shows it.
  bool shrink(const Fuzzer& fuzzer, const std::filesystem::path& input, FindingGroup& group,
              GroupFiles& files) const;

  std::filesystem::path findings_;
  std::filesystem::path scratch_;
  TriageTools tools_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_TRIAGE_H_
