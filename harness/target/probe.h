// Checks, once a target has started, that what it claims to show can be seen. A target whose deaths
// went unseen would pass every program.
#ifndef LASTREF_HARNESS_TARGET_PROBE_H_
#define LASTREF_HARNESS_TARGET_PROBE_H_

#include <lastref/target_abi.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace lastref {

struct ProbeResult {
  // Bytes of the block that a session begins with; 0 for a target that does not show blocks.
  std::size_t session_size = 0;
  // Empty when every claimed observation works, else what was found, expected and to be done. The
  // target cannot be judged then.
  std::string failure;
};

// Makes and frees a few sessions. Whoever owns the host passes on what it hears while run() runs:
//
//   Probe probe([](const void* block) { return size_of_live_block(block); });
//   ... host.born calls probe.born(session), host.died calls probe.died(session) ...
//   ProbeResult result = probe.run(target, host.now);
//
// Calls of the target are made as run()'s caller is set up to make them: where a clock answers only
// inside of a scope, run() belongs into it.
class Probe {
 public:
  // The bytes of the live block of the host's that starts at the address; 0 when there is none.
  using BlockSize = std::function<std::size_t(const void*)>;

  explicit Probe(BlockSize block_size) : block_size_(std::move(block_size)) {}

  void born(const void* session) { events_.push_back({session, true}); }
  void died(const void* session) { events_.push_back({session, false}); }

  // Leaves no session behind.
  ProbeResult run(const lastref_target& target, int64_t (*now)());

 private:
  struct Event {
    const void* session;
    bool birth;
  };
  class Run;

  BlockSize block_size_;
  std::vector<Event> events_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_TARGET_PROBE_H_
