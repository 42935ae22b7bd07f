// A kind of finding in a campaign's directory: findings/<fuzzer>/<group>/, with the smallest
// program that shows it, as a trace and as C, its report, and inputs that showed it.
#ifndef LASTREF_HARNESS_CAMPAIGN_FINDING_GROUP_H_
#define LASTREF_HARNESS_CAMPAIGN_FINDING_GROUP_H_

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/execute/finding.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

// What is said of the inputs that a fresh process does not fail with: they convict nobody.
inline constexpr const char* kNotSeenAgain = "not-seen-again";

// Inputs kept of a group; more are counted only, for a bug that each second input meets would fill
// the disk.
inline constexpr std::uint64_t kMaxInputs = 64;

// What is known of a group without its files.
struct FindingGroup {
  std::string fuzzer;
  std::string name;        // of the folder
  std::string about;       // one line
  std::string known;       // the baseline's entry that lists it, or empty
  int operations = 0;      // of the smallest program; 0 when there is no program
  std::uint64_t seen = 0;  // inputs that showed it
  // What their reports show before they are shrunk: more of the like belong here.
  std::vector<std::string> symptoms;
};

// The files of a new group, in the words that they are written in. Empty for none.
struct GroupFiles {
  std::string trace;
  std::string source;  // C
  std::string report;
};

// Whose reference it is about: "application+cache", who held the session that the symptom names
// before the operation; "cache" for a context's; empty where no session is meant. Part of the
// group's name, since one symptom at one operation has different causes by who the owner is.
std::string owner_of(const Finding& finding, const Contract& contract);

// The groups in a directory of findings, in order. Folders that hold none are passed over.
std::vector<FindingGroup> groups_in(const std::filesystem::path& findings);

// Puts a new group in place, in one step: a kill leaves all of it or nothing. One of the same name
// stays as it is and gains the symptoms.
void add_group(const std::filesystem::path& findings, const FindingGroup& group,
               const GroupFiles& files);

// Moves an input to its group, or counts it only. The input's disappearance is the last step, so
// that after a kill it is at worst counted twice.
void add_input(const std::filesystem::path& findings, const std::string& fuzzer,
               const std::string& group, const std::filesystem::path& input);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_FINDING_GROUP_H_
