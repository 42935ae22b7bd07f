// A program's calls on OpenSSL and nothing else: operands are looked up beforehand, handles stand
// in arrays. Used by raw_openssl.cc.
#ifndef LASTREF_BENCH_RAW_CALLS_H_
#define LASTREF_BENCH_RAW_CALLS_H_

#include <openssl/ssl.h>

#include <array>
#include <cstdint>
#include <vector>

#include "harness/program/operation.h"
#include "harness/program/values.h"

namespace lastref::bench {

// An operation whose values are at hand.
struct Step {
  Op code = Op::SESSION_NEW;
  std::uint8_t result = 0;
  std::array<std::uint8_t, 2> variable{};  // handles, contexts, connections, blobs, in order
  bool retires = false;                    // a ctx_free that gives the context back to the pool
  const ByteValue* bytes = nullptr;
  long value = 0;
};
Step step_of(const Operation& operation);

// The application's variables. One for each process: callbacks find it by itself.
class RawCalls {
 public:
  RawCalls();
  ~RawCalls();
  RawCalls(const RawCalls&) = delete;
  RawCalls& operator=(const RawCalls&) = delete;

  // A body stands behind the step that installs it.
  void run(const std::vector<Step>& program);

 private:
  struct Blob {
    std::array<unsigned char, 4096> data;
    long length = 0;
  };

  static void on_remove(SSL_CTX* context, SSL_SESSION* session);
  void perform(const Step& step, SSL_SESSION* argument);
  void perform_life(const Step& step, SSL_SESSION* of);
  void perform_setter(const Step& step, SSL_SESSION* of);
  void perform_getter(const Step& step, SSL_SESSION* of);
  void perform_encoding(const Step& step, SSL_SESSION* of);
  void perform_context(const Step& step, SSL_SESSION* of);
  void perform_callback(const Step& step);
  void perform_connection(const Step& step, SSL_SESSION* of);
  void make_context(std::uint8_t index);
  void retire(SSL_CTX* context);
  SSL_SESSION* session(std::uint8_t variable, SSL_SESSION* argument) const {
    if (variable < kMaxHandles) return handles_[variable];
    return variable == kArgumentHandle ? argument : nullptr;
  }

  std::array<SSL_SESSION*, kMaxHandles> handles_{};
  std::array<SSL_CTX*, kMaxContexts> contexts_{};
  std::array<const Step*, kMaxContexts> bodies_{};  // of remove callbacks
  std::array<SSL*, kMaxConnections> connections_{};
  std::array<Blob, kMaxBlobs> blobs_;
  std::vector<SSL_CTX*> pool_;
  const Step* next_ = nullptr;  // the step behind the one that runs
  const SSL_CIPHER* cipher_ = nullptr;
  int ex_index_ = -1;
};

}  // namespace lastref::bench

#endif  // LASTREF_BENCH_RAW_CALLS_H_
