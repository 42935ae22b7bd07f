// Fuzzes a target with encoded sessions: the input is decoded in each way that there is, and what
// comes of it is used, encoded, and decoded again.
#include <variant>

#include "fuzz/entry.h"
#include "fuzz/known_hazards.h"
#include "fuzz/linked_target.h"
#include "harness/fuzz/engine_alarm.h"
#include "harness/program/binary.h"
#include "harness/program/trace.h"

namespace {

using lastref::linked_target;
using lastref::Program;

// What becomes of the input, which is in b0. Where it does not decode, the rest is about the
// session that is there anyway.
constexpr const char* kScript = R"(lastref 1
c0 = ctx_new
s7 = new
s0 = d2i b0
get_id s0
get_id_context s0
get_hostname s0
get_alpn s0
get_ticket s0
get_appdata s0
get_master_key s0
i2d_length s0
b1 = i2d s0
s1 = d2i b1
s2 = dup s0
set_id s2 id_b
add c0 s0
add c0 s1
n0 = ssl_new c0
set_session n0 s0
s3 = d2i_fresh b0
d2i_into s7 b0
remove c0 s0
flush c0 0
free s0
)";

const Program& script() {
  static const Program parsed = std::get<Program>(lastref::parse_trace(kScript));
  return parsed;
}

}  // namespace

std::string lastref::describe_input(std::span<const std::uint8_t> input) {
  return "# b0 holds the " + std::to_string(input.size()) + " bytes of the input.\n" + kScript;
}

// What the trace encodes its sessions to on this target.
std::vector<lastref::Input> lastref::seeds_of(const std::string& trace) {
  const auto parsed = parse_trace(trace);
  const auto* const program = std::get_if<Program>(&parsed);
  std::vector<Input> seeds;
  if (program == nullptr) return seeds;
  FuzzedTarget& target = linked_target();
  target.run(encode_program(*program));
  for (const Operation& operation : target.program().view()) {
    if (row(operation.code).result != Result::BLOB) continue;
    const auto bytes = target.lockstep().blob(operation.result);
    if (!bytes.empty()) seeds.emplace_back(bytes.begin(), bytes.end());
  }
  return seeds;
}

std::string lastref::hazards() { return names_of(linked_target().contract().hazards); }

std::string lastref::dictionary() { return {}; }

int LLVMFuzzerInitialize(int*, char***) {
  linked_target();
  return 0;
}

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  lastref::keep_engine_alarm_outside();
  lastref::stop_at_finding(linked_target().run_with_blob(script(), {data, size}));
  return 0;
}
