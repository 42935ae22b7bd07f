#include "harness/vocabulary/contract_marks.h"

namespace lastref {
namespace {

std::string word_of(Switch of, std::int32_t value) {
  return std::string(switch_table()[static_cast<std::size_t>(of)].name) + "=" +
         value_text(of, value);
}

}  // namespace

void ContractMarks::set(Switch of, std::int32_t value) {
  marked_.set(static_cast<std::size_t>(of));
  values_[static_cast<std::size_t>(of)] = value;
}

std::vector<std::string> ContractMarks::words() const {
  std::vector<std::string> words;
  for (const SwitchRow& row : switch_table()) {
    if (has(row.id)) words.push_back(word_of(row.id, value(row.id)));
  }
  return words;
}

std::vector<std::string> ContractMarks::unmet(const Contract& contract) const {
  std::vector<std::string> words;
  for (const SwitchRow& row : switch_table()) {
    if (has(row.id) && !contract.is(row.id, value(row.id))) {
      words.push_back(word_of(row.id, value(row.id)));
    }
  }
  return words;
}

}  // namespace lastref
