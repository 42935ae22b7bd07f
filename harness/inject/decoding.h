// The programs that make encoded sessions and decode them.
#ifndef LASTREF_HARNESS_INJECT_DECODING_H_
#define LASTREF_HARNESS_INJECT_DECODING_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "harness/execute/lockstep.h"
#include "harness/program/program.h"

namespace lastref {

// A session that is encoded to b0, by a target that can do all of it or a part.
struct EncodedSource {
  std::string_view name;  // "tls1.2 client"
  std::string_view trace;
  bool certificate;  // it has the peer's certificate, which takes long to decode
};
std::span<const EncodedSource> encoded_sources();

// What is done with bytes, in so many ways: decoded in each that there is, and used.
inline constexpr std::size_t kDecodings = 4;
// The one that alone is run for every change of a session with a certificate.
inline constexpr std::size_t kPlainDecoding = 0;
const Program& decoding(std::size_t which);

// Runs the operations of `wanted` that are legal where they come, by the contract and by what came
// of those before, and of which the target is capable. `as_run` is then what was run, up to the one
// that runs: a program that any process can run again.
void run_fitted(Lockstep& lockstep, std::uint64_t capabilities, const Program& wanted,
                const Watch& watch, Program& as_run);

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_DECODING_H_
