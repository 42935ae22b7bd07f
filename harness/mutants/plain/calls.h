// Random calls of a session library with an application's ordinary care and no model: every
// reference that was taken is given back once, and nothing else is known. What a reader compares
// lastref with: what such calls show under a sanitizer, under valgrind, under a fuzzing engine.
#ifndef LASTREF_HARNESS_MUTANTS_PLAIN_CALLS_H_
#define LASTREF_HARNESS_MUTANTS_PLAIN_CALLS_H_

#include <lastref/session.h>

#include <array>
#include <cstdint>
#include <functional>

namespace plain {

// The library's functions.
struct Api {
#define LASTREF_CALL(name) decltype(&::name) name = nullptr;
#include "harness/mutants/plain/session_api.def"
#undef LASTREF_CALL
};

// Loads them from the shared object at `path`. Ends the process with 3 where it cannot.
Api load(const char* path);

// A number below `bound`, which is not 0.
using Choose = std::function<std::uint32_t(std::uint32_t bound)>;

// Calls of one program, as many as a random program of lastref has operations.
inline constexpr int kCalls = 24;

class Calls {
 public:
  explicit Calls(const Api& api);

  // One program: kCalls calls, each chosen anew, then everything is given back. Nothing of it is
  // left but what the library lost.
  void run(const Choose& choose);

 private:
  static constexpr int kSlots = 6;
  static constexpr int kConnections = 2;

  void call();
  void on_session(LR_SESSION* session);
  void on_context();
  void on_connections();
  void encode_and_decode(LR_SESSION* session);
  void put(LR_SESSION* session);  // takes the reference
  void read(LR_SESSION* session);
  void touch(const void* bytes, std::size_t length);
  void give_back();

  LR_SESSION*& slot() { return slots_[choose_(kSlots)]; }
  LR_SSL*& connection() { return connections_[choose_(kConnections)]; }

  Api api_;
  int index_ = -1;  // of ex_data
  Choose choose_;
  std::array<LR_SESSION*, kSlots> slots_{};  // each a reference of its own
  std::array<LR_SSL*, kConnections> connections_{};
  LR_CTX* context_ = nullptr;
  volatile unsigned sum_ = 0;  // of what was read
};

}  // namespace plain

#endif  // LASTREF_HARNESS_MUTANTS_PLAIN_CALLS_H_
