#include "harness/shrink/shrinker.h"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace lastref {
namespace {

// An operation with its body: what is left out as one.
struct Unit {
  Operation operation;
  Operation body;
};

std::vector<Unit> units_of(const Program& program) {
  std::vector<Unit> units;
  for (std::size_t i = 0; i < program.size; ++i) {
    Unit unit{program.operations[i], {}};
    if (has_body(unit.operation) && i + 1 < program.size) unit.body = program.operations[++i];
    units.push_back(unit);
  }
  return units;
}

Program with_units(const Program& like, const std::vector<Unit>& units) {
  Program program;
  program.teardown = like.teardown;
  program.misuse = like.misuse;
  program.contract = like.contract;
  for (const Unit& unit : units) {
    program.append(unit.operation);
    if (has_body(unit.operation)) program.append(unit.body);
  }
  return program;
}

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

class Shrinker {
 public:
  Shrinker(const Program& program, const ProgramRun& first, const ShrinkOptions& options)
      : options_(options), best_{program, first, 0}, wanted_(cause_of(first)) {}

  Shrunk run() {
    bool smaller = true;
    while (smaller && !stopped_) {
      smaller = drop_tail();
      smaller = drop_runs() || smaller;
      smaller = make_plain() || smaller;
    }
    mark_misuse(best_.program, best_.run);
    return best_;
  }

 private:
  static Signature cause_of(const ProgramRun& run) {
    return run.symptoms.empty() ? Signature{} : signature(run.symptoms.cause());
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
    if (best_.tried >= options_.max_tries) {
      stopped_ = true;
      return false;
    }
    const ProgramRun run = options_.run(candidate);
    ++best_.tried;
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

  // The first value of each pool, the first handle, the default teardown.
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
    return rename_handles() || plainer;
  }

  // Session handles numbered in the order of their first use.
  bool rename_handles() {
    std::array<std::uint8_t, kSessionOperands> names{};
    names.fill(kNullHandle + 1);
    names[kArgumentHandle] = kArgumentHandle;
    names[kNullHandle] = kNullHandle;
    std::uint8_t next = 0;
    const auto renamed = [&](std::uint8_t handle) {
      if (names[handle] > kNullHandle) names[handle] = next++;
      return names[handle];
    };
    Program candidate = best_.program;
    for (std::size_t i = 0; i < candidate.size; ++i) {
      Operation& operation = candidate.operations[i];
      const OperationRow& of = row(operation.code);
      for (std::size_t j = 0; j < of.operands.size(); ++j) {
        const OperandKind kind = operand_kind(of, j);
        if (kind == OperandKind::kSession || kind == OperandKind::kSessionOrNull) {
          operation.operand[j] = renamed(operation.operand[j]);
        }
      }
      if (of.result == Result::SESSION) operation.result = renamed(operation.result);
    }
    return attempt(candidate);
  }

  const ShrinkOptions& options_;
  Shrunk best_;
  Signature wanted_;
  bool stopped_ = false;
};

}  // namespace

Shrunk shrink(const Program& program, const ProgramRun& first, const ShrinkOptions& options) {
  return Shrinker(program, first, options).run();
}

}  // namespace lastref
