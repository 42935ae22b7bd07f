#include "harness/model/symbols.h"

#include <gtest/gtest.h>

#include "harness/program/values.h"

namespace lastref {
namespace {

TEST(Symbols, NoFingerprintIsOne) {
  EXPECT_FALSE(is_symbol(0)) << "no bytes at all";
  EXPECT_FALSE(is_symbol(empty_fingerprint()));
  for (const ByteValue& value : byte_values(OperandKind::kId)) {
    EXPECT_FALSE(is_symbol(value.fingerprint)) << value.name;
  }
}

TEST(Symbols, EachIsNew) {
  State state;
  const std::uint32_t one = new_symbol(state);
  const std::uint32_t two = new_symbol(state);
  EXPECT_NE(one, two);
  EXPECT_TRUE(is_symbol(one));
  EXPECT_TRUE(is_symbol(two));
}

TEST(Symbols, AreResolvedWhereverTheyStand) {
  constexpr std::uint32_t kSeen = 77;
  State state;
  const std::uint32_t symbol = new_symbol(state);
  const std::uint32_t other = new_symbol(state);
  state.born = 2;
  state.sessions[0] = {};
  state.sessions[1] = {};
  state.sessions[0].contents.id = symbol;
  state.sessions[0].key_id[1] = symbol;
  state.sessions[1].contents.ticket = symbol;
  state.sessions[1].contents.master_key = other;
  state.issued = 1;
  state.tickets[0].value = symbol;
  state.tickets[0].contents.master_key = symbol;
  state.blobs[0].written = 1;
  state.blobs[0].contents.id = symbol;
  resolve(state, symbol, kSeen);
  EXPECT_EQ(state.sessions[0].contents.id, kSeen);
  EXPECT_EQ(state.sessions[0].key_id[1], kSeen) << "where the cache looks for it";
  EXPECT_EQ(state.sessions[1].contents.ticket, kSeen);
  EXPECT_EQ(state.sessions[1].contents.master_key, other);
  EXPECT_EQ(state.tickets[0].value, kSeen);
  EXPECT_EQ(state.tickets[0].contents.master_key, kSeen);
  EXPECT_EQ(state.blobs[0].contents.id, kSeen);
}

}  // namespace
}  // namespace lastref
