// Fuzzes the parser of the trace language: what it takes, it prints and takes again as the same.
#include <cstdlib>
#include <iostream>
#include <set>
#include <string_view>

#include "fuzz/entry.h"
#include "harness/fuzz/trace_round_trip.h"
#include "harness/program/operand.h"
#include "harness/vocabulary/contract.h"

namespace {

std::string_view text_of(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

std::string lastref::describe_input(std::span<const std::uint8_t> input) {
  return std::string(text_of(input));
}

std::vector<lastref::Input> lastref::seeds_of(const std::string& trace) {
  return {Input(trace.begin(), trace.end())};
}

std::string lastref::hazards() { return "none"; }

// Every word of the language. None holds a character that the format would have escaped.
std::string lastref::dictionary() {
  std::set<std::string_view> words = {"lastref",   "contract", "misuse", "teardown", "falling",
                                      "unflushed", "at",       "do",     "t1:"};
  for (const OperationRow& row : operation_table()) words.insert(row.name);
  for (const OperandKindRow& row : operand_kinds()) {
    for (const std::string_view word : operand_words(row.kind)) words.insert(word);
  }
  for (const SwitchRow& row : switch_table()) words.insert(row.name);
  std::string text =
      "# Words of the trace language, as fuzz_trace_replay --dictionary prints them.\n";
  for (const std::string_view word : words) text += "\"" + std::string(word) + "\"\n";
  return text;
}

int LLVMFuzzerInitialize(int*, char***) { return 0; }

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string wrong = lastref::wrong_round_trip(text_of({data, size}));
  if (wrong.empty()) return 0;
  std::cerr << wrong << "\n";
  std::abort();
}
