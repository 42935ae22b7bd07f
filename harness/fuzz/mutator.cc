#include "harness/fuzz/mutator.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "harness/generate/drawn_fault.h"
#include "harness/generate/shape.h"
#include "harness/program/binary.h"

namespace lastref {
namespace {

// One mutation is so many edits at most: libFuzzer mutates an input up to five times over, and runs
// what comes of each.
constexpr std::uint32_t kMaxEdits = 3;
// The longest run of operations that an edit appends, removes or repeats.
constexpr std::uint32_t kMaxRun = 8;

enum class Edit : std::uint8_t {
  kInsert,
  kReplace,
  kRemove,
  kSwap,
  kRepeat,
  kAppend,
  kOperand,
  kFault
};

// By weight. An operand changed and an operation inserted keep the most of what a program has
// reached.
constexpr Edit kEdits[] = {Edit::kInsert,  Edit::kInsert, Edit::kInsert,  Edit::kReplace,
                           Edit::kReplace, Edit::kRemove, Edit::kRemove,  Edit::kSwap,
                           Edit::kRepeat,  Edit::kAppend, Edit::kOperand, Edit::kOperand,
                           Edit::kOperand, Edit::kFault};

// The rules whose breaking is a matter of references, and so the ledger's.
constexpr Misuse kMisuses[] = {Misuse::kDoubleFree, Misuse::kBorrowedFree, Misuse::kUseAfterFree,
                               Misuse::kLeak};

using Place = std::vector<Part>::difference_type;

Place place_in(std::size_t count, Random& random) {
  return static_cast<Place>(random.below(static_cast<std::uint32_t>(count)));
}

// A few parts from `from` on: one mostly.
Place run_from(Place from, const std::vector<Part>& parts, Random& random) {
  const Place longest = random.one_in(2) ? 1 : 1 + static_cast<Place>(random.below(kMaxRun));
  return std::min(longest, std::ssize(parts) - from);
}

Part to_be_drawn() {
  Part part;
  part.to_be_drawn = true;
  return part;
}

// Whether a place with that kind has such a value at all.
std::uint8_t allowed(OperandKind kind, std::uint8_t value, bool in_body) {
  const bool session = kind == OperandKind::kSession || kind == OperandKind::kSessionOrNull;
  if (session && value == kArgumentHandle && !in_body) return 0;
  return in_body ? without_body(kind, value) : value;
}

// The parts of a program without what breaks a rule.
void take_apart_sound(const Program& program, std::vector<Part>& parts) {
  if (program.misuse == Misuse::kNone) {
    take_apart(program, parts);
  } else {
    take_apart(without_misuse(program), parts);
  }
}

// Takes a fault away, or gives one that the target can have.
void change_fault(Operation& operation, std::uint64_t capabilities, Random& random) {
  const bool had = operation.fault.any();
  operation.fault = Fault();
  if (is_local(operation.code) || (had && random.one_in(2))) return;
  operation.fault = draw_fault(operation.code, capabilities, random);
}

// As many whole operations as fit; with the last goes what breaks a rule.
std::size_t write(const Program& program, std::span<std::uint8_t> out) {
  const Written written = encode_program(program, out);
  if (written.whole || program.misuse == Misuse::kNone) return written.bytes;
  return encode_program(without_misuse(program), out).bytes;
}

}  // namespace

void Mutator::change_operand(Part& part, Random& random) {
  const bool in_body = has_body(part.draft.operation) && random.one_in(2);
  Operation& operation = in_body ? part.draft.body : part.draft.operation;
  const Shape& shape = shape_of(operation.code);
  const std::uint32_t places = shape.operands + (shape.result == Result::NONE ? 0U : 1U);
  if (places == 0) {
    part = to_be_drawn();
    return;
  }
  const std::uint32_t place = random.below(places);
  if (place == shape.operands) {
    operation.result = static_cast<std::uint8_t>(random.below(shape.result_range));
    return;
  }
  operation.operand[place] = allowed(
      shape.kinds[place], static_cast<std::uint8_t>(random.low(shape.ranges[place])), in_body);
  // A callback that did nothing before gets something to do.
  if (!in_body && has_body(operation) && part.draft.body.is_body == 0) {
    part.draft.body = Operation{};
    part.draft.body.code = Op::SESSION_UP_REF;
    part.draft.body.operand[0] = kArgumentHandle;
    part.draft.body.is_body = 1;
  }
}

void Mutator::edit(Random& random) {
  const Edit what = parts_.empty() ? Edit::kAppend : kEdits[random.below(std::size(kEdits))];
  if (what == Edit::kAppend) {
    parts_.insert(parts_.end(), 1 + random.below(kMaxRun), to_be_drawn());
    return;
  }
  const Place place = place_in(parts_.size(), random);
  Part& part = parts_[static_cast<std::size_t>(place)];
  switch (what) {
    case Edit::kInsert:
      parts_.insert(parts_.begin() + place + random.below(2), to_be_drawn());
      break;
    case Edit::kReplace:
      part = to_be_drawn();
      break;
    case Edit::kRemove: {
      const auto first = parts_.begin() + place;
      parts_.erase(first, first + run_from(place, parts_, random));
      break;
    }
    case Edit::kSwap:
      std::swap(part, parts_[static_cast<std::size_t>(place_in(parts_.size(), random))]);
      break;
    case Edit::kRepeat: {
      const auto first = parts_.begin() + place;
      const std::vector<Part> run(first, first + run_from(place, parts_, random));
      parts_.insert(parts_.begin() + place_in(parts_.size() + 1, random), run.begin(), run.end());
      break;
    }
    case Edit::kFault:
      if (!part.to_be_drawn) change_fault(part.draft.operation, mix_.capabilities(), random);
      break;
    default:
      change_operand(part, random);
      break;
  }
}

Program Mutator::mutate(const Program& program, std::uint64_t seed) {
  return mutated(program, seed);
}

Program Mutator::cross(const Program& first, const Program& second, std::uint64_t seed) {
  return crossed(first, second, seed);
}

const Program& Mutator::mutated(const Program& program, std::uint64_t seed) {
  Random random(seed, 0);
  Generator generator(mix_, seed, 1);
  // Drawn anew: some free contexts that could be used again, which costs as much as thirty
  // programs, and all that come of an input would have that from it.
  const Teardown end = generator.teardown();
  take_apart_sound(program, parts_);
  if (!parts_.empty()) generator.skip_beginning();
  for (std::uint32_t left = 1 + random.low(kMaxEdits); left > 0; --left) edit(random);
  return finished(assembler_.assemble(parts_, end, &generator), seed);
}

const Program& Mutator::finished(const Program& legal, std::uint64_t seed) {
  if (rules_ == Rules::kKept) return legal;
  finished_ = without_faults(legal);
  Random random(seed, 3);
  // Each kind once, from a random one on: not every program has an occasion for every kind.
  const std::uint32_t first = random.below(std::size(kMisuses));
  for (std::uint32_t i = 0; i < std::size(kMisuses); ++i) {
    const Misuse kind = kMisuses[(first + i) % std::size(kMisuses)];
    if (const auto wrong = break_rule(model_, finished_, kind, random)) {
      finished_ = *wrong;
      break;
    }
  }
  return finished_;
}

const Program& Mutator::crossed(const Program& first, const Program& second, std::uint64_t seed) {
  Random random(seed, 2);
  take_apart_sound(first, parts_);
  take_apart_sound(second, others_);
  const Place keep = place_in(parts_.size() + 1, random);
  const Place skip = place_in(others_.size() + 1, random);
  parts_.erase(parts_.begin() + keep, parts_.end());
  parts_.insert(parts_.end(), others_.begin() + skip, others_.end());
  return finished(assembler_.assemble(parts_, Generator(mix_, seed, 1).teardown(), nullptr), seed);
}

std::size_t Mutator::mutate(std::uint8_t* data, std::size_t size, std::size_t capacity,
                            std::uint64_t seed) {
  decode_program({data, size}, first_);
  return write(mutated(first_, seed), {data, capacity});
}

std::size_t Mutator::cross(std::span<const std::uint8_t> first,
                           std::span<const std::uint8_t> second, std::span<std::uint8_t> out,
                           std::uint64_t seed) {
  decode_program(first, first_);
  decode_program(second, second_);
  return write(crossed(first_, second_, seed), out);
}

}  // namespace lastref
