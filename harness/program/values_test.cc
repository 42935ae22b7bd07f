#include "harness/program/values.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "harness/program/operand.h"

namespace lastref {
namespace {

const ByteValue& byte_value(OperandKind kind, std::string_view name) {
  return byte_values(kind)[operand_named(kind, name).value()];
}

std::int64_t number(OperandKind kind, std::string_view name) {
  return number_values(kind)[operand_named(kind, name).value()].value;
}

TEST(Pools, HaveOneToSixteenValuesOfOneSort) {
  for (const OperandKindRow& kind : operand_kinds()) {
    const std::size_t bytes = byte_values(kind.kind).size();
    const std::size_t numbers = number_values(kind.kind).size();
    EXPECT_LE(bytes + numbers, 16U) << kind.name;
    EXPECT_EQ((bytes > 0) + (numbers > 0), kind.is_handle ? 0 : 1) << kind.name;
  }
}

TEST(Pools, HaveNoTwoValuesWithOneFingerprint) {
  std::map<std::uint32_t, std::string> seen;
  for (const OperandKindRow& kind : operand_kinds()) {
    std::set<std::uint32_t> in_pool;
    for (const ByteValue& value : byte_values(kind.kind)) {
      EXPECT_TRUE(in_pool.insert(value.fingerprint).second) << value.name;
      // Two fields' values are told apart as well, unless they are empty.
      if (value.size == 0) continue;
      const auto [at, fresh] = seen.insert({value.fingerprint, std::string(value.name)});
      EXPECT_TRUE(fresh) << value.name << " and " << at->second;
    }
  }
}

TEST(Pools, HaveNoTwoEqualNumbers) {
  for (const OperandKindRow& kind : operand_kinds()) {
    std::set<std::int64_t> in_pool;
    for (const NumberValue& value : number_values(kind.kind)) {
      EXPECT_TRUE(in_pool.insert(value.value).second) << kind.name << " " << value.name;
    }
  }
}

TEST(Pools, FingerprintsAreThoseOfTheBytesAtRunTime) {
  for (const OperandKindRow& kind : operand_kinds()) {
    for (const ByteValue& value : byte_values(kind.kind)) {
      EXPECT_EQ(value.fingerprint, fingerprint(value.data, value.size)) << value.name;
    }
  }
}

TEST(Pools, NumbersAreSpeltAsTheyAre) {
  for (const OperandKindRow& kind : operand_kinds()) {
    for (const NumberValue& value : number_values(kind.kind)) {
      if (value.name.find_first_not_of("-0123456789") != std::string_view::npos) continue;
      EXPECT_EQ(std::to_string(value.value), value.name) << kind.name;
    }
  }
}

TEST(Ids, AreOfTheLengthsTheManualsDistinguish) {
  const auto size = [](std::string_view name) { return byte_value(OperandKind::kId, name).size; };
  EXPECT_EQ(size("id_a"), kMaxIdLength);
  EXPECT_EQ(size("id_b"), kMaxIdLength);
  EXPECT_EQ(size("id_c"), kMaxIdLength);
  EXPECT_EQ(size("id_d"), 1);
  EXPECT_EQ(size("id_e"), kMaxIdLength);
  EXPECT_EQ(size("id_none"), 0);
  EXPECT_EQ(size("id_long"), kMaxIdLength + 1);
}

TEST(Ids, CollideInTheFirstFourBytesOnlyWhereTheyAreMeantTo) {
  const auto head = [](std::string_view name) {
    return std::string(reinterpret_cast<const char*>(byte_value(OperandKind::kId, name).data), 4);
  };
  EXPECT_EQ(head("id_e"), head("id_a"));
  EXPECT_NE(head("id_b"), head("id_a"));
  EXPECT_NE(head("id_c"), head("id_a"));
  EXPECT_NE(head("id_c"), head("id_b"));
  EXPECT_NE(byte_value(OperandKind::kId, "id_e").data[4],
            byte_value(OperandKind::kId, "id_a").data[4]);
}

TEST(Bytes, OfNoneAreNullWhereTheCallTakesNull) {
  EXPECT_EQ(byte_value(OperandKind::kHostname, "host_none").data, nullptr);
  EXPECT_EQ(byte_value(OperandKind::kAlpn, "alpn_none").data, nullptr);
  EXPECT_EQ(byte_value(OperandKind::kTicket, "ticket_none").data, nullptr);
  EXPECT_EQ(byte_value(OperandKind::kAppdata, "data_none").data, nullptr);
  EXPECT_NE(byte_value(OperandKind::kId, "id_none").data, nullptr);
  EXPECT_NE(byte_value(OperandKind::kIdContext, "sid_none").data, nullptr);
  EXPECT_NE(byte_value(OperandKind::kMasterKey, "key_none").data, nullptr);
}

TEST(Hostnames, EndWithANulBeyondTheirSize) {
  for (const ByteValue& value : byte_values(OperandKind::kHostname)) {
    if (value.data == nullptr) continue;
    EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(value.data)).size(), value.size)
        << value.name;
  }
}

TEST(Alpn, HoldsANulInside) {
  const ByteValue& value = byte_value(OperandKind::kAlpn, "alpn_nul");
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(value.data), value.size),
            std::string("h\0x", 3));
}

TEST(Sizes, OfTheOtherPools) {
  EXPECT_EQ(byte_value(OperandKind::kIdContext, "sid_long").size, kMaxIdContextLength + 1);
  EXPECT_EQ(byte_value(OperandKind::kAlpn, "alpn_long").size, 255);
  EXPECT_EQ(byte_value(OperandKind::kTicket, "ticket_b").size, 200);
  EXPECT_EQ(byte_value(OperandKind::kAppdata, "data_b").size, 300);
  EXPECT_EQ(byte_value(OperandKind::kMasterKey, "key_48").size, kMasterKeyLength);
  EXPECT_EQ(byte_value(OperandKind::kMasterKey, "key_long").size, kLongestMasterKey + 1);
}

TEST(CacheModes, AreTheSumOfTheirWords) {
  const std::map<std::string, std::int64_t> bits = {
      {"off", kModeOff},
      {"client", kModeClient},
      {"server", kModeServer},
      {"both", kModeBoth},
      {"no_auto_clear", kModeNoAutoClear},
      {"no_internal_lookup", kModeNoInternalLookup},
      {"no_internal_store", kModeNoInternalStore},
      {"no_internal", kModeNoInternalLookup | kModeNoInternalStore},
      {"update_time", kModeUpdateTime},
  };
  for (const NumberValue& mode : number_values(OperandKind::kCacheMode)) {
    std::int64_t sum = 0;
    std::string_view left = mode.name;
    while (!left.empty()) {
      const std::size_t end = left.find('|');
      sum |= bits.at(std::string(left.substr(0, end)));
      left = end == std::string_view::npos ? std::string_view() : left.substr(end + 1);
    }
    EXPECT_EQ(mode.value, sum) << mode.name;
  }
  EXPECT_EQ(number_values(OperandKind::kCacheMode)[0].value, kModeServer);
}

TEST(Callbacks, DoWhatTheirIndexSays) {
  const auto index = [](OperandKind kind, std::string_view name) {
    return operand_named(kind, name).value();
  };
  EXPECT_EQ(index(OperandKind::kOnNew, "decline"), kOnNewDecline);
  EXPECT_EQ(index(OperandKind::kOnGet, "owned_copy1"), kOnGetOwnedCopy1);
  EXPECT_EQ(index(OperandKind::kOnRemove, "do"), kOnRemoveDo);
  for (const OperandKind kind :
       {OperandKind::kOnNew, OperandKind::kOnGet, OperandKind::kOnRemove}) {
    for (const NumberValue& value : number_values(kind)) {
      EXPECT_EQ(number(kind, value.name), index(kind, value.name)) << value.name;
    }
  }
}

TEST(Versions, AreThoseOfTheProtocol) {
  EXPECT_EQ(number(OperandKind::kVersion, "tls1.2"), 0x0303);
  EXPECT_EQ(number(OperandKind::kVersion, "tls1.3"), 0x0304);
  EXPECT_EQ(number(OperandKind::kVersion, "tls1.0"), 0x0301);
}

TEST(Times, BeginWithTheClocksStart) {
  EXPECT_EQ(number_values(OperandKind::kTime)[0].value, kClockStart);
}

TEST(Fingerprint, OfNoDataIsZeroAndOfEmptyDataIsNot) {
  const std::uint8_t byte = 0;
  EXPECT_EQ(fingerprint(nullptr, 0), 0U);
  EXPECT_NE(fingerprint(&byte, 0), 0U);
}

TEST(Fingerprint, ChangesWithEveryByteAndWithTheSize) {
  std::uint8_t bytes[39] = {};  // four words and a tail
  std::set<std::uint32_t> seen;
  for (std::size_t size = 0; size <= sizeof bytes; ++size) seen.insert(fingerprint(bytes, size));
  for (std::uint8_t& byte : bytes) {
    byte = 1;
    seen.insert(fingerprint(bytes, sizeof bytes));
    byte = 0;
  }
  EXPECT_EQ(seen.size(), 40U + 39U);
}

}  // namespace
}  // namespace lastref
