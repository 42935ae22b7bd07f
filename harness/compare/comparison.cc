#include "harness/compare/comparison.h"

#include <algorithm>
#include <utility>

#include "harness/generate/generator.h"
#include "harness/generate/random_program.h"
#include "harness/model/model.h"

namespace lastref {
namespace {

// The contract with the choice made as the other has it.
Contract with_choice_of(Contract contract, const Choice& choice, const Contract& other) {
  if (choice.of) {
    contract.set(choice.name(), other.text(*choice.of));
  } else if (other.hazards.has(*choice.hazard)) {
    contract.hazards.add(*choice.hazard);
  } else {
    contract.hazards.remove(*choice.hazard);
  }
  return contract;
}

bool agree(const Choice& choice, const Contract& a, const Contract& b) {
  if (choice.of) return a.value(*choice.of) == b.value(*choice.of);
  return a.hazards.has(*choice.hazard) == b.hazards.has(*choice.hazard);
}

// What damaged bytes decode to is nobody's contract.
bool is_comparable(Op code) {
  return code != Op::BLOB_TRUNCATE && code != Op::BLOB_CHANGE && code != Op::BLOB_GIVE;
}

// The operations before `step`, and that one.
Program cut(const Program& program, std::size_t step) {
  Program head = program;
  const int last = operation_of_step(program, step);
  head.size = static_cast<std::uint8_t>(
      last + (has_body(program.operations[static_cast<std::size_t>(last)]) ? 2 : 1));
  std::fill(head.operations.begin() + head.size, head.operations.end(), Operation{});
  return head;
}

// Without the operation at the index, and its body.
Program without(const Program& program, int index) {
  Program rest = program;
  rest.size = 0;
  rest.operations.fill(Operation{});
  for (int i = 0; i < program.size; ++i) {
    const Operation& operation = program.operations[static_cast<std::size_t>(i)];
    const bool pair = has_body(operation);
    if (i != index) {
      rest.append(operation);
      if (pair) rest.append(program.operations[static_cast<std::size_t>(i) + 1]);
    }
    if (pair) ++i;
  }
  return rest;
}

// Drops operations as long as the choice is seen.
DifferenceRow smallest(const std::vector<Party>& parties, DifferenceRow row,
                       std::uint64_t capabilities) {
  for (int i = row.program.size - 1; i >= 0; --i) {
    if (i >= row.program.size || row.program.operations[static_cast<std::size_t>(i)].is_body != 0) {
      continue;
    }
    const auto smaller = shows(parties, row.choice, without(row.program, i), capabilities);
    if (!smaller) continue;
    row = *smaller;
    i = row.program.size;  // what was needed before may not be any more
  }
  return row;
}

// Of each party; none at all for a program that is not legal for all.
std::vector<Record> records_of(const std::vector<Party>& parties, const Program& program) {
  std::vector<Record> records;
  for (const Party& party : parties) {
    records.push_back(record_of(party.contract, program));
    if (!records.back().legal) return {};
  }
  return records;
}

DifferenceRow row_of(const std::vector<Party>& parties, const Choice& choice,
                     const std::vector<Record>& records, const Program& program, std::size_t step,
                     const SeenDifference& where) {
  DifferenceRow row;
  row.choice = choice;
  row.program = cut(program, step);
  row.program.teardown = Teardown{};
  row.operation = operation_of_step(program, step);
  row.where = where;
  const Operation& operation = program.operations[static_cast<std::size_t>(row.operation)];
  for (std::size_t i = 0; i < parties.size(); ++i) {
    row.shown.push_back(seen_text(where, operation, records[i].steps[step]));
  }
  return row;
}

// The first step at which a target of this contract shows something else than the record.
std::optional<std::pair<std::size_t, SeenDifference>> first_difference(const Contract& contract,
                                                                       const Record& record,
                                                                       const Program& program,
                                                                       std::uint64_t capabilities) {
  const Model model(contract);
  Observation at;
  for (std::size_t step = 0; step < record.steps.size(); ++step) {
    const auto index = static_cast<std::size_t>(operation_of_step(program, step));
    const Operation& operation = program.operations[index];
    const Operation body = has_body(operation) ? program.operations[index + 1] : Operation{};
    if (model.step(at.state, operation, body, at.expected) != Legality::kLegal) break;
    if (const auto seen = difference(operation, record.steps[step], at, capabilities)) {
      return std::pair(step, *seen);
    }
  }
  return std::nullopt;
}

std::optional<DifferenceRow> shown_in(const std::vector<Party>& parties,
                                      const std::vector<Record>& records, const Choice& choice,
                                      const Program& program, std::uint64_t capabilities) {
  for (std::size_t a = 0; a < parties.size(); ++a) {
    for (std::size_t b = 0; b < parties.size(); ++b) {
      if (agree(choice, parties[a].contract, parties[b].contract)) continue;
      const Contract instead = with_choice_of(parties[a].contract, choice, parties[b].contract);
      const auto first = first_difference(instead, records[a], program, capabilities);
      if (!first) continue;
      // The two must be seen to differ there as well.
      DifferenceRow row = row_of(parties, choice, records, program, first->first, first->second);
      if (row.shown[a] != row.shown[b]) return row;
    }
  }
  return std::nullopt;
}

}  // namespace

std::string Choice::name() const {
  if (of) return std::string(switch_table()[static_cast<std::size_t>(*of)].name);
  return std::string(hazard_table()[static_cast<std::size_t>(*hazard)].name);
}

std::vector<Choice> choices(const std::vector<Party>& parties) {
  std::vector<Choice> all;
  for (const SwitchRow& row : switch_table()) all.push_back({row.id, std::nullopt});
  for (const HazardRow& row : hazard_table()) {
    if (row.kind == HazardKind::DEVIATION) all.push_back({std::nullopt, row.id});
  }
  std::erase_if(all, [&parties](const Choice& choice) {
    return std::ranges::all_of(parties, [&](const Party& party) {
      return agree(choice, parties[0].contract, party.contract);
    });
  });
  return all;
}

Program draw_common_program(const std::vector<Party>& parties, const Mix& mix, std::uint64_t seed,
                            std::uint64_t index, int operations) {
  Program program;
  Generator generator(mix, seed, index);
  program.teardown = generator.teardown();
  std::vector<State> states(parties.size());
  Expectation ignored;
  for (int draws = 0; draws < kMaxDraws && program.size < operations; ++draws) {
    const Draft drawn = generator.draw(states[0]);
    const bool pair = has_body(drawn.operation);
    if (!is_comparable(drawn.operation.code) || program.size + (pair ? 2 : 1) > operations)
      continue;
    std::vector<State> next = states;
    const bool legal = std::ranges::all_of(parties, [&](const Party& party) {
      State& state = next[static_cast<std::size_t>(&party - parties.data())];
      return Model(party.contract).step(state, drawn.operation, drawn.body, ignored) ==
             Legality::kLegal;
    });
    if (!legal) continue;
    states = std::move(next);
    program.append(drawn.operation);
    if (pair) program.append(drawn.body);
    draws = 0;
  }
  return program;
}

std::optional<DifferenceRow> shows(const std::vector<Party>& parties, const Choice& choice,
                                   const Program& program, std::uint64_t capabilities) {
  const std::vector<Record> records = records_of(parties, program);
  if (records.empty()) return std::nullopt;
  return shown_in(parties, records, choice, program, capabilities);
}

Comparison compare(const std::vector<Party>& parties, const ComparisonOptions& options) {
  const Mix mix(options.capabilities, options.mix);
  Comparison comparison;
  comparison.unseen = choices(parties);
  for (std::uint64_t index = 0; index < options.programs; ++index) {
    if (comparison.unseen.empty()) break;
    if (options.progress && !options.progress(index)) break;
    const Program program =
        draw_common_program(parties, mix, options.seed, index, options.operations);
    ++comparison.programs;
    const std::vector<Record> records = records_of(parties, program);
    if (records.empty()) continue;
    std::erase_if(comparison.unseen, [&](const Choice& choice) {
      const auto row = shown_in(parties, records, choice, program, options.capabilities);
      if (!row) return false;
      comparison.rows.push_back(smallest(parties, *row, options.capabilities));
      return true;
    });
  }
  return comparison;
}

}  // namespace lastref
