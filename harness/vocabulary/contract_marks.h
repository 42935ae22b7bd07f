// What a trace says of the contract that it was written for: the switches that it depends on, with
// the values that it needs. A target of another contract cannot be judged by it.
#ifndef LASTREF_HARNESS_VOCABULARY_CONTRACT_MARKS_H_
#define LASTREF_HARNESS_VOCABULARY_CONTRACT_MARKS_H_

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "harness/vocabulary/contract.h"

namespace lastref {

// Trivially copyable, with zero for switches that are not marked, so that equal marks are equal
// bytes.
class ContractMarks {
 public:
  bool empty() const { return marked_.none(); }
  bool has(Switch of) const { return marked_[static_cast<std::size_t>(of)]; }
  std::int32_t value(Switch of) const { return values_[static_cast<std::size_t>(of)]; }
  // The value is one of the switch's: see value_named().
  void set(Switch of, std::int32_t value);

  // "cache-capacity=one-less", in the order of contract.def.
  std::vector<std::string> words() const;

  // Those words whose switch has another value in `contract`; empty when a target of that contract
  // can be judged.
  std::vector<std::string> unmet(const Contract& contract) const;

  friend bool operator==(const ContractMarks&, const ContractMarks&) = default;

 private:
  std::bitset<kSwitchCount> marked_;
  std::array<std::int32_t, kSwitchCount> values_{};
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_VOCABULARY_CONTRACT_MARKS_H_
