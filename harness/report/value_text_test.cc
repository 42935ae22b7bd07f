#include "harness/report/value_text.h"

#include <gtest/gtest.h>

#include "harness/model/event.h"
#include "harness/model/state.h"
#include "harness/program/values.h"

namespace lastref {
namespace {

TEST(ValueText, BytesOfAPoolByTheirWord) {
  for (const ByteValue& value : byte_values(OperandKind::kId)) {
    if (value.size > 0) {
      EXPECT_EQ(bytes_text(OperandKind::kId, value.fingerprint), value.name);
    }
  }
  EXPECT_EQ(bytes_text(OperandKind::kHostname, 0), "none");
  EXPECT_EQ(bytes_text(OperandKind::kId, empty_fingerprint()), "no bytes");
  EXPECT_EQ(bytes_text(OperandKind::kId, 0x1234), "other bytes (digest 00001234)");
}

TEST(ValueText, NumbersWithTheirWordWhereThereIsOne) {
  EXPECT_EQ(number_text(OperandKind::kVersion, 771), "tls1.2 (771)");
  EXPECT_EQ(number_text(OperandKind::kTimeout, 300), "300");
  EXPECT_EQ(number_text(OperandKind::kTimeout, -7), "-7");
}

TEST(ValueText, ResultsByTheirKind) {
  EXPECT_EQ(result_text(Op::SESSION_NEW, 0), "session 1");
  EXPECT_EQ(result_text(Op::SESSION_NEW, kResultNull), "NULL");
  EXPECT_EQ(result_text(Op::SESSION_NEW, kResultUnknown), "an object that was never seen born");
  EXPECT_EQ(result_text(Op::CONTEXT_NEW, 1), "c1");
  EXPECT_EQ(result_text(Op::CONNECTION_NEW, 0), "n0");
  EXPECT_EQ(result_text(Op::CONNECTION_NEW, 77), "object 77");
  EXPECT_EQ(result_text(Op::CACHE_ADD, 1), "1");
  EXPECT_EQ(result_text(Op::I2D, 66), "66");
  EXPECT_EQ(result_text(Op::GET_VERSION, 772), "tls1.3 (772)");
  EXPECT_EQ(result_text(Op::GET_MODE, 2), "server (2)");
}

}  // namespace
}  // namespace lastref
