// The same programs on several targets: for each choice of a contract, and each known bug, in which
// they differ, the smallest program that shows it and that is legal for all of them.
//
// The contracts say how each target goes on, so that the search is the model's alone; whoever calls
// it runs what was found on the targets themselves.
#ifndef LASTREF_HARNESS_COMPARE_COMPARISON_H_
#define LASTREF_HARNESS_COMPARE_COMPARISON_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "harness/compare/observation.h"
#include "harness/generate/mix.h"
#include "harness/vocabulary/contract.h"

namespace lastref {

struct Party {
  std::string name;
  Contract contract;  // with its known bugs as hazards
};

// In what two of the parties differ: one switch, or one hazard that is a deviation.
struct Choice {
  std::optional<Switch> of;
  std::optional<Hazard> hazard;

  std::string name() const;
};

// Those in which not all parties agree, in the order of the definition files.
std::vector<Choice> choices(const std::vector<Party>& parties);

struct DifferenceRow {
  Choice choice;
  Program program;  // the smallest; its last operation shows the difference
  int operation = 0;
  SeenDifference where;
  std::vector<std::string> shown;  // by each party
};

struct ComparisonOptions {
  std::uint64_t capabilities = 0;  // that all have
  std::uint64_t seed = 1;
  std::uint64_t programs = 0;
  int operations = 24;
  MixKind mix = MixKind::kCommon;
  std::function<bool(std::uint64_t programs)> progress;  // false stops; may be empty
};

struct Comparison {
  std::vector<DifferenceRow> rows;
  std::vector<Choice> unseen;  // no program showed them
  std::uint64_t programs = 0;
};

// A random program that is legal for every party. Ends early where no operation is.
Program draw_common_program(const std::vector<Party>& parties, const Mix& mix, std::uint64_t seed,
                            std::uint64_t index, int operations);

// The program, cut behind the operation, as a row, if it is legal for all and the choice is seen.
std::optional<DifferenceRow> shows(const std::vector<Party>& parties, const Choice& choice,
                                   const Program& program, std::uint64_t capabilities);

Comparison compare(const std::vector<Party>& parties, const ComparisonOptions& options);

}  // namespace lastref

#endif  // LASTREF_HARNESS_COMPARE_COMPARISON_H_
