// The fuzzers of a build, by their names: fuzz_openssl, fuzz_openssl_handshakes,
// fuzz_decode_openssl, fuzz_trace.
#ifndef LASTREF_HARNESS_CAMPAIGN_FUZZER_H_
#define LASTREF_HARNESS_CAMPAIGN_FUZZER_H_

#include <filesystem>
#include <string>
#include <vector>

namespace lastref {

struct Fuzzer {
  std::string name;               // "fuzz_openssl_handshakes"
  std::filesystem::path program;  // with an engine
  std::filesystem::path replay;   // without one: runs inputs, prints them, makes seeds
  // "openssl" when its inputs are programs that must be clean on that target, which can be shrunk
  // and written as C; empty when they are not.
  std::string target;
};

// The fuzzer of that name in `directory`, whether or not its files are there.
Fuzzer fuzzer_of(const std::filesystem::path& directory, const std::string& name);

// Names of all that `directory` has with their replays, in order.
std::vector<std::string> fuzzers_in(const std::filesystem::path& directory);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_FUZZER_H_
