#include "harness/shrink/shrinker.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "harness/program/binary.h"
#include "harness/shrink/repair.h"
#include "harness/shrink/unit.h"
#include "harness/shrink/variable.h"

namespace lastref {
namespace {

// What a teardown may be instead, the plainest first.
std::vector<Teardown> plainer_teardowns(Teardown teardown) {
  std::vector<Teardown> plainer;
  for (std::uint8_t unflushed = 0; unflushed <= teardown.unflushed; ++unflushed) {
    for (std::uint8_t falling = 0; falling <= teardown.falling; ++falling) {
      for (std::uint8_t order = 0; order <= teardown.order; ++order) {
        const Teardown other{order, falling, unflushed};
        if (other != teardown) plainer.push_back(other);
      }
    }
  }
  return plainer;
}

// What a fault may be instead, the plainest first.
std::vector<Fault> plainer_faults(Fault fault) {
  std::vector<Fault> plainer;
  if (!fault.any()) return plainer;
  plainer.emplace_back();
  if (fault.is_flight() && fault.damage() != Damage::kFlip) {
    plainer.push_back(Fault::of_flight(fault.flight(), Damage::kFlip, fault.at()));
  }
  if (fault.persistent()) plainer.emplace_back(fault.at(), false, fault.kind());
  for (const int at : {1, fault.at() / 2, fault.at() - 1}) {
    if (at < 1 || at >= fault.at()) continue;
    plainer.push_back(fault.is_flight() ? Fault::of_flight(fault.flight(), fault.damage(), at)
                                        : Fault(at, fault.persistent(), fault.kind()));
  }
  return plainer;
}

class Shrinker {
 public:
  Shrinker(const Program& program, const ProgramRun& first, const ShrinkOptions& options)
      : options_(options), best_{program, first}, wanted_(cause_of(first)) {}

  Shrunk run() {
    bool smaller = true;
    while (smaller && !stopped_) {
      smaller = drop_tail();
      smaller = drop_faults() || smaller;
      smaller = drop_runs() || smaller;
      smaller = drop_repaired() || smaller;
      smaller = shorten_given() || smaller;
      smaller = clear_given() || smaller;
      smaller = merge_variables() || smaller;
      smaller = make_plain() || smaller;
      if (!smaller) smaller = drop_pairs();
    }
    best_.complete = !stopped_;
    mark_misuse(best_.program, best_.run);
    return best_;
  }

 private:
  static Signature cause_of(const ProgramRun& run) {
    return run.symptoms.empty() ? Signature{} : signature(run.symptoms.cause());
  }

  static bool hangs(const ProgramRun& run) {
    if (run.symptoms.empty()) return false;
    const Verdict verdict = run.symptoms.cause().verdict;
    return verdict == Verdict::kHang || verdict == Verdict::kDeadlock;
  }

  static void mark_misuse(Program& program, const ProgramRun& run) {
    if (program.misuse == Misuse::kNone || run.illegal_operation < 0) return;
    program.misuse_at = static_cast<std::uint8_t>(run.illegal_operation);
  }

  bool acceptable(const ProgramRun& run) const {
    if (run.symptoms.empty() || cause_of(run) != wanted_) return false;
    const bool illegal = best_.run.illegal_operation >= 0;
    if (illegal) return run.illegal_operation >= 0 && run.legality == best_.run.legality;
    return run.illegal_operation < 0;
  }

  // Runs the candidate; takes it when it shows the same.
  bool attempt(const Program& candidate) {
    if (stopped_ || candidate == best_.program || !malformed(candidate).empty()) return false;
    if (!seen_.insert(encode_program(candidate)).second) return false;
    if (best_.tried >= options_.max_tries || hangs_ >= options_.max_hangs) {
      stopped_ = true;
      return false;
    }
    const ProgramRun run = options_.run(candidate);
    ++best_.tried;
    if (hangs(run)) ++hangs_;
    const bool taken = acceptable(run);
    if (taken) {
      best_.program = candidate;
      best_.run = run;
    }
    if (options_.progress && !options_.progress(best_.tried, best_.program.size)) stopped_ = true;
    return taken;
  }

  // What comes behind the cause matters only to its consequences.
  bool drop_tail() {
    const int last = best_.run.symptoms.cause().operation;
    if (last + 1 >= best_.program.size) return false;
    Program candidate = best_.program;
    candidate.misuse_at = 0;  // set again at the end
    candidate.size = static_cast<std::uint8_t>(last + 1);
    if (has_body(candidate.operations[static_cast<std::size_t>(last)])) ++candidate.size;
    std::fill(candidate.operations.begin() + candidate.size, candidate.operations.end(),
              Operation{});
    return attempt(candidate);
  }

  // Leaves out runs of operations, long ones first, from the end: what was made last is needed
  // least.
  bool drop_runs() {
    bool smaller = false;
    std::vector<Unit> units = units_of(best_.program);
    for (std::size_t length = std::max<std::size_t>(units.size() / 2, 1); length >= 1;
         length /= 2) {
      for (std::size_t end = units.size(); end >= length && end > 0;) {
        std::vector<Unit> fewer = units;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(end - length),
                    fewer.begin() + static_cast<std::ptrdiff_t>(end));
        if (attempt(with_units(best_.program, fewer))) {
          units = fewer;
          smaller = true;
          end = std::min(end - length, units.size());
        } else {
          --end;
        }
      }
    }
    return smaller;
  }

  // No fault, or one at an earlier allocation, and of one allocation alone.
  bool drop_faults() {
    bool smaller = false;
    for (std::size_t i = 0; i < best_.program.size; ++i) {
      bool again = true;
      while (again) {
        again = false;
        for (const Fault fault : plainer_faults(best_.program.operations[i].fault)) {
          Program candidate = best_.program;
          candidate.operations[i].fault = fault;
          if (!attempt(candidate)) continue;
          again = smaller = true;
          break;
        }
      }
    }
    return smaller;
  }

  // Leaves out runs of the bytes that the program brings along, long ones first, from the end.
  bool shorten_given() {
    return over_runs_of_given([](Program& candidate, std::size_t begin, std::size_t end) {
      const auto head = candidate.given_bytes().first(begin);
      const auto tail = candidate.given_bytes().subspan(end);
      std::vector<std::uint8_t> fewer(head.begin(), head.end());
      fewer.insert(fewer.end(), tail.begin(), tail.end());
      candidate.given.fill(0);
      candidate.give(fewer);
    });
  }

  // Makes runs of them zero.
  bool clear_given() {
    return over_runs_of_given([](Program& candidate, std::size_t begin, std::size_t end) {
      std::fill(candidate.given.begin() + begin, candidate.given.begin() + end, std::uint8_t{0});
    });
  }

  template <typename Edit>
  bool over_runs_of_given(Edit edit) {
    bool smaller = false;
    for (std::size_t length = std::max<std::size_t>(best_.program.given_size, 1); length >= 1;
         length /= 2) {
      for (std::size_t end = best_.program.given_size; end >= length && end > 0 && !stopped_;) {
        Program candidate = best_.program;
        edit(candidate, end - length, end);
        if (attempt(candidate)) {
          smaller = true;
          end = std::min<std::size_t>(end - length, best_.program.given_size);
        } else {
          end -= std::max<std::size_t>(length / 2, 1);
        }
      }
    }
    return smaller;
  }

  // Leaves out single operations that others need.
  bool drop_repaired() {
    bool smaller = false;
    std::vector<Unit> units = units_of(best_.program);
    for (std::size_t index = units.size(); index-- > 0;) {
      for (const std::vector<Unit>& fewer : repaired_without(units, index)) {
        if (!attempt(with_units(best_.program, fewer))) continue;
        smaller = true;
        units = fewer;
        index = std::min(index, units.size());
        break;
      }
    }
    return smaller;
  }

  // Leaves out two operations that are of no use but to each other.
  bool drop_pairs() {
    const std::vector<Unit> units = units_of(best_.program);
    if (units.size() > kMaxUnitsForPairs) return false;
    for (std::size_t second = units.size(); second-- > 1;) {
      for (std::size_t first = second; first-- > 0;) {
        std::vector<Unit> fewer = units;
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(second));
        fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(first));
        if (attempt(with_units(best_.program, fewer))) return true;
      }
    }
    return false;
  }

  // One variable in the place of two, the higher of which goes; then numbers by first use.
  bool merge_variables() {
    bool fewer = false;
    for (const Result kind : kVariableKinds) {
      for (int from = result_range(kind) - 1; from > 0; --from) {
        if ((variables_used(best_.program, kind) >> from & 1U) == 0) continue;
        for (std::uint8_t into = 0; into < from; ++into) {
          Names names = kSameNames;
          names[static_cast<std::size_t>(from)] = into;
          if (!attempt_renamed(kind, names)) continue;
          fewer = true;
          break;
        }
      }
      fewer = attempt_renamed(kind, names_by_first_use(best_.program, kind)) || fewer;
    }
    return fewer;
  }

  bool attempt_renamed(Result kind, const Names& names) {
    Program candidate = best_.program;
    rename_variables({candidate.operations.data(), candidate.size}, kind, names);
    return attempt(candidate);
  }

  // The default teardown, and the first value of each pool.
  bool make_plain() {
    bool plainer = false;
    Program candidate = best_.program;
    for (const Teardown& teardown : plainer_teardowns(best_.program.teardown)) {
      candidate.teardown = teardown;
      if (!attempt(candidate)) continue;
      plainer = true;
      break;
    }
    for (std::size_t i = 0; i < best_.program.size; ++i) {
      const Op code = best_.program.operations[i].code;
      const std::size_t operands = row(code).operands.size();
      for (std::size_t j = 0; j < operands; ++j) {
        const std::uint8_t now = best_.program.operations[i].operand[j];
        for (std::uint8_t value = 0; value < now; ++value) {
          candidate = best_.program;
          candidate.operations[i].operand[j] = value;
          if (attempt(candidate)) {
            plainer = true;
            break;
          }
        }
      }
    }
    return plainer;
  }

  const ShrinkOptions& options_;
  Shrunk best_;
  Signature wanted_;
  // Programs tried, as bytes: what came of them stands, so none is run again.
  std::set<std::vector<std::uint8_t>> seen_;
  int hangs_ = 0;  // tries that hung or slept
  bool stopped_ = false;
};

}  // namespace

Shrunk shrink(const Program& program, const ProgramRun& first, const ShrinkOptions& options) {
  return Shrinker(program, first, options).run();
}

}  // namespace lastref
