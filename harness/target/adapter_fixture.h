// What the tests of adapters share: a host of their own, and the target's operations by name. One
// process tests one adapter.
#ifndef LASTREF_HARNESS_TARGET_ADAPTER_FIXTURE_H_
#define LASTREF_HARNESS_TARGET_ADAPTER_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/target/loader.h"
#include "harness/target/probe.h"

namespace lastref {

class AdapterTest : public ::testing::Test {
 protected:
  // The virtual clock, which stands still.
  static constexpr int64_t kNow = 1'000'000'000;

  // What a call names; the rest is zero.
  struct Operands {
    uint32_t operation = 0;
    void* session = nullptr;
    void* context = nullptr;
    void* connection = nullptr;
    void* peer = nullptr;
    const uint8_t* bytes = nullptr;
    std::size_t length = 0;
    int64_t value = 0;
  };

  // Loads and starts an adapter of this build: once for the process, for its library takes one
  // host.
  static void start(const std::string& name);
  static const lastref_target& target();
  static const lastref_host& host();
  // Blocks that the library holds, with their sizes.
  static const std::unordered_map<const void*, std::size_t>& blocks();
  // What the library called since clear(): "born", "died", "callback 3", and
  // "callback 3 of none" where it gave no context.
  static std::vector<std::string>& events();

  static ProbeResult probe();
  static lastref_result perform(const Operands& operands);
  static lastref_session_view view(void* session);
  static std::string id_of(void* session);
  // A session with this id, and its end.
  static void* make(const char* id);
  static void drop(void* session);

  // Each as a claim that every adapter makes.
  static void expect_encodings_round_trip();
  static void expect_contexts_come_back_to_their_birth();
  static void expect_errors_leave_no_block_behind();
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_TARGET_ADAPTER_FIXTURE_H_
