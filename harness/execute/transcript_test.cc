// Handshakes are deterministic: what two processes send is equal to the byte.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

namespace lastref {
namespace {

struct Output {
  std::string text;
  int status = -1;
};

// What transcript prints, in a process of its own.
Output transcript(const std::string& target) {
  const std::string command =
      LASTREF_TRANSCRIPT " " LASTREF_BINARY_DIR "/targets/lastref-target-" + target + ".so 2>&1";
  Output output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return output;
  std::array<char, 4096> part{};
  while (std::fgets(part.data(), part.size(), pipe) != nullptr) output.text += part.data();
  output.status = pclose(pipe);
  return output;
}

class TranscriptTest : public testing::TestWithParam<const char*> {};

TEST_P(TranscriptTest, IsTheSameInTwoProcesses) {
  const Output first = transcript(GetParam());
  ASSERT_EQ(first.status, 0) << first.text;
  const Output second = transcript(GetParam());
  ASSERT_EQ(second.status, 0) << second.text;
  EXPECT_EQ(first.text, second.text);
}

// A digest that never changes would be equal as well.
TEST_P(TranscriptTest, GrowsWithEachHandshake) {
  const std::string text = transcript(GetParam()).text;
  const auto bytes_before = [&text](int operation) {
    const std::string line = "before " + std::to_string(operation) + ": ";
    const std::size_t at = text.find(line);
    return at == std::string::npos ? 0 : std::stoul(text.substr(at + line.size()));
  };
  for (const int handshake : {5, 14, 28, 36}) {
    EXPECT_GT(bytes_before(handshake + 1), bytes_before(handshake)) << text;
  }
  // What is resumed needs no certificate.
  EXPECT_LT(bytes_before(15) - bytes_before(14), bytes_before(6) - bytes_before(5));
  EXPECT_LT(bytes_before(37) - bytes_before(36), bytes_before(29) - bytes_before(28));
}

INSTANTIATE_TEST_SUITE_P(Libraries, TranscriptTest, testing::Values(LASTREF_TRANSCRIBED),
                         [](const auto& of) { return std::string(of.param); });

}  // namespace
}  // namespace lastref
