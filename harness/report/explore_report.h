// What an exploration came to: in words that can be quoted, and as JSON that `lastref merge` joins.
#ifndef LASTREF_HARNESS_REPORT_EXPLORE_REPORT_H_
#define LASTREF_HARNESS_REPORT_EXPLORE_REPORT_H_

#include <nlohmann/json.hpp>
#include <string>

#include "harness/explore/run/explore.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

struct ExploreInput {
  ExploreReport report;
  Contract contract;  // the target's, with the hazards that were on
  int jobs = 1;
  std::string lastref_version;
};

// What is the same for two runs with the same options, but for "run", which is the last member.
nlohmann::ordered_json explore_json(const ExploreInput& input);

// What the statement is made of, and whatever is printed beside it: of one run, or of shards that
// were joined.
struct ExploreSummary {
  // What shards must agree on.
  std::string target;
  std::string version;
  nlohmann::ordered_json contract;
  nlohmann::ordered_json hazards;
  std::string bound;
  std::string operations;
  bool all_programs = false;
  bool model_only = false;
  nlohmann::ordered_json space;
  int shards = 1;  // of which the parts below are
  // Sums.
  std::string parts;  // "", "shard 2 of 4", "3 of 4 shards"
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t transitions_done = 0;
  std::uint64_t programs = 0;
  std::uint64_t programs_done = 0;
  std::uint64_t verdicts = 0;
  bool complete = false;
};

// Of what explore_json() wrote. Throws nlohmann::json::exception for anything else.
ExploreSummary summary_of(const nlohmann::ordered_json& json);

// "all 1,234,567 transitions of 12,345 states within the bound ... agree on OpenSSL 3.0.22 ...".
std::string statement(const ExploreSummary& summary);

// Model, target, coverage of the operation table, and what is left out. Without the statement.
std::string summary_text(const ExploreSummary& summary);

// "1,234,567".
std::string grouped(std::uint64_t number);

}  // namespace lastref

#endif  // LASTREF_HARNESS_REPORT_EXPLORE_REPORT_H_
