#include "harness/vocabulary/contract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace lastref {
namespace {

using testing::HasSubstr;

TEST(Switches, StandInTheOrderOfTheirIdentifiers) {
  ASSERT_EQ(switch_table().size(), static_cast<std::size_t>(kSwitchCount));
  for (std::size_t i = 0; i < switch_table().size(); ++i) {
    EXPECT_EQ(static_cast<std::size_t>(switch_table()[i].id), i);
  }
}

TEST(Switches, HaveUniqueNamesAQuestionAndASource) {
  std::set<std::string_view> names;
  for (const SwitchRow& row : switch_table()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_TRUE(row.question.ends_with('?')) << row.name;
    EXPECT_NE(row.source, "") << row.name;
  }
}

TEST(Contract, BeginsAtTheFirstValueOfEachSwitch) {
  const Contract contract;
  for (const SwitchRow& row : switch_table()) {
    const bool number = row.values.starts_with('#');
    const std::string first(row.values.substr(number ? 1 : 0, row.values.find(' ')));
    EXPECT_EQ(contract.text(row.id), first) << row.name;
  }
  EXPECT_TRUE(contract.hazards.empty());
}

TEST(Contract, IsSetByNames) {
  Contract contract;
  EXPECT_EQ(contract.set("cache-capacity", "one-less"), "");
  EXPECT_TRUE(contract.is(Switch::CAPACITY, capacity::kOneLess));
  EXPECT_EQ(contract.text(Switch::CAPACITY), "one-less");
  EXPECT_EQ(contract.set("new-timeout", "300"), "");
  EXPECT_EQ(contract.value(Switch::NEW_TIMEOUT), 300);
  EXPECT_FALSE(contract == Contract());
}

TEST(Contract, TakesEveryValueThatItsTableLists) {
  for (const SwitchRow& row : switch_table()) {
    std::string_view left = row.values.starts_with('#') ? row.values.substr(1) : row.values;
    while (!left.empty()) {
      const std::string value(left.substr(0, left.find(' ')));
      left = left.size() == value.size() ? "" : left.substr(value.size() + 1);
      Contract contract;
      EXPECT_EQ(contract.set(row.name, value), "") << row.name;
      EXPECT_EQ(contract.text(row.id), value) << row.name;
    }
  }
}

TEST(Contract, RefusesWhatIsNoSwitchAndNoValueAndStaysAsItWas) {
  Contract contract;
  EXPECT_THAT(contract.set("capacity", "exact"), HasSubstr("no switch is called 'capacity'"));
  EXPECT_THAT(contract.set("cache-capacity", "more"), HasSubstr("expected exact one-less"));
  EXPECT_THAT(contract.set("cache-capacity", ""), HasSubstr("expected exact one-less"));
  EXPECT_THAT(contract.set("cache-capacity", "exact one-less"), HasSubstr("no value"));
  EXPECT_THAT(contract.set("new-timeout", "soon"), HasSubstr("expected a number"));
  EXPECT_THAT(contract.set("new-timeout", "3x"), HasSubstr("expected a number"));
  EXPECT_THAT(contract.set("new-timeout", "99999999999"), HasSubstr("expected a number"));
  EXPECT_EQ(contract, Contract());
}

// The constants that the model asks for, beside the words that they stand for.
TEST(Contract, HasConstantsInTheOrderOfItsValues) {
  struct Constant {
    Switch of;
    std::string_view value;
    int index;
  };
  const Constant constants[] = {
      {Switch::CACHE_KEY, "id-and-version", cache_key::kIdAndVersion},
      {Switch::CACHE_KEY, "id", cache_key::kId},
      {Switch::EVICTION_ORDER, "expiry", eviction_order::kExpiry},
      {Switch::EVICTION_ORDER, "insertion", eviction_order::kInsertion},
      {Switch::CAPACITY, "exact", capacity::kExact},
      {Switch::CAPACITY, "one-less", capacity::kOneLess},
      {Switch::REMOVE_MATCHES, "key", remove_matches::kKey},
      {Switch::REMOVE_MATCHES, "object", remove_matches::kObject},
      {Switch::REMOVE_MARKS, "yes", yes_no::kYes},
      {Switch::REMOVE_MARKS, "no", yes_no::kNo},
      {Switch::UPDATE_TIME_ON_ADD, "yes", yes_no::kYes},
      {Switch::UPDATE_TIME_ON_ADD, "no", yes_no::kNo},
      {Switch::FLUSH_ORDER, "callbacks-first", flush_order::kCallbacksFirst},
      {Switch::FLUSH_ORDER, "one-by-one", flush_order::kOneByOne},
      {Switch::FLUSH_ORDER, "unordered", flush_order::kUnordered},
      {Switch::SET_SESSION_NULL, "clears", set_session_null::kClears},
      {Switch::SET_SESSION_NULL, "refused", set_session_null::kRefused},
      {Switch::ONE_CONTEXT, "required", one_context::kRequired},
      {Switch::ONE_CONTEXT, "free", one_context::kFree},
      {Switch::D2I_INTO, "refills", d2i_into::kRefills},
      {Switch::D2I_INTO, "replaces", d2i_into::kReplaces},
      {Switch::D2I_FAILURE, "frees", d2i_failure::kFrees},
      {Switch::D2I_FAILURE, "keeps", d2i_failure::kKeeps},
      {Switch::D2I_ZERO, "defaulted", d2i_zero::kDefaulted},
      {Switch::D2I_ZERO, "kept", d2i_zero::kKept},
      {Switch::DUP_EX_DATA, "copied", dup_ex_data::kCopied},
      {Switch::DUP_EX_DATA, "absent", dup_ex_data::kAbsent},
      {Switch::NEGATIVE_TIMEOUT, "refused", negative_timeout::kRefused},
      {Switch::NEGATIVE_TIMEOUT, "zero", negative_timeout::kZero},
      {Switch::NEGATIVE_TIMEOUT, "kept", negative_timeout::kKept},
      {Switch::TIMEOUT_TYPE, "long", timeout_type::kLong},
      {Switch::TIMEOUT_TYPE, "uint32", timeout_type::kUint32},
      {Switch::TIME_TYPE, "signed", time_type::kSigned},
      {Switch::TIME_TYPE, "unsigned", time_type::kUnsigned},
      {Switch::SET_TIME_RESULT, "one", set_time_result::kOne},
      {Switch::SET_TIME_RESULT, "time", set_time_result::kTime},
      {Switch::CACHED_KEY, "may-change", cached_key::kMayChange},
      {Switch::CACHED_KEY, "fixed", cached_key::kFixed},
      {Switch::CACHE_FULL, "counted", cache_full::kCounted},
      {Switch::CACHE_FULL, "zero", cache_full::kZero},
      {Switch::CONTEXT_CALLS_IN_REMOVE, "forbidden", context_calls::kForbidden},
      {Switch::CONTEXT_CALLS_IN_REMOVE, "allowed", context_calls::kAllowed},
  };
  for (const Constant& constant : constants) {
    Contract contract;
    const auto& row = switch_table()[static_cast<std::size_t>(constant.of)];
    ASSERT_EQ(contract.set(row.name, constant.value), "");
    EXPECT_EQ(contract.value(constant.of), constant.index) << row.name << " " << constant.value;
  }
}

TEST(Hazards, AreFoundByTheirNames) {
  std::set<std::string_view> names;
  for (const HazardRow& row : hazard_table()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_EQ(hazard_named(row.name), row.id);
    EXPECT_NE(row.meaning, "") << row.name;
  }
  EXPECT_FALSE(hazard_named("none"));
}

TEST(Hazards, FitIntoTheirSet) { EXPECT_LE(hazard_table().size(), 64U); }

TEST(Hazards, AreASet) {
  Hazards hazards;
  hazards.add(Hazard::REKEY_CACHED);
  hazards.add(Hazard::EXPULSION_MARKS);
  hazards.remove(Hazard::REKEY_CACHED);
  EXPECT_FALSE(hazards.has(Hazard::REKEY_CACHED));
  EXPECT_TRUE(hazards.has(Hazard::EXPULSION_MARKS));
  hazards.remove(Hazard::EXPULSION_MARKS);
  EXPECT_TRUE(hazards.empty());
  EXPECT_EQ(hazards, Hazards());
}

TEST(Contract, IsSetByAListOfWords) {
  Contract contract;
  EXPECT_EQ(contract.set_words("one-context=free new-timeout=60"), "");
  EXPECT_EQ(contract.text(Switch::ONE_CONTEXT), "free");
  EXPECT_EQ(contract.text(Switch::NEW_TIMEOUT), "60");
  EXPECT_EQ(contract.set_words(""), "");
  EXPECT_NE(contract.set_words("one-context"), "");
  EXPECT_NE(contract.set_words("="), "");
}

}  // namespace
}  // namespace lastref
