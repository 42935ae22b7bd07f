// The `lastref` program: the command line with the real engine behind it.

#include "harness/cli/command_line.h"
#include "harness/score/fuzz_seeker.h"
#include "harness/score/seeker.h"
#include "harness/score/tool_seeker.h"
#include "harness/target/loader.h"

namespace {

std::vector<lastref::TargetEntry> targets() {
  std::vector<lastref::TargetEntry> entries;
  for (const lastref::TargetFile& file : lastref::list_targets()) {
    entries.push_back({file.name, file.path.string()});
  }
  return entries;
}

std::vector<lastref::SeekerEntry> seekers() {
  std::vector<lastref::SeekerEntry> entries;
  for (const lastref::Seeker& seeker : lastref::seekers()) {
    entries.push_back(
        {std::string(seeker.name), std::string(seeker.about), false, seeker.means, seeker.fixed});
  }
  entries.push_back({std::string(lastref::kFuzzEngine),
                     "libFuzzer over the model's states, with --fuzzer", true, lastref::kFuzzMeans,
                     false});
  for (const lastref::Tool& tool : lastref::tools()) {
    entries.push_back({std::string(tool.name), std::string(tool.about), true, tool.means, false});
  }
  return entries;
}

lastref::Sighting seek(const std::string& seeker, const lastref::Bug& bug, std::uint64_t seed,
                       const lastref::SeekLimits& limits) {
  if (seeker == lastref::kFuzzEngine) return lastref::seek_with_fuzzer(bug, seed, limits);
  if (const lastref::Tool* const tool = lastref::tool_named(seeker)) {
    return lastref::seek_with_tool(*tool, bug, seed, limits);
  }
  return lastref::seek(*lastref::seeker_named(seeker), bug, seed, limits);
}

}  // namespace

int main(int count, char** words) {
  lastref::Engine engine;
  engine.check = lastref::check;
  engine.explore = lastref::explore;
  engine.sweep = lastref::sweep;
  engine.cover_callbacks = lastref::cover_callbacks;
  engine.sweep_encodings = lastref::sweep_encodings;
  engine.run_program = lastref::run_program;
  engine.shrink_program = lastref::shrink_program;
  engine.compare = lastref::compare_targets;
  engine.target_version = lastref::target_version;
  engine.target_contract = lastref::target_contract;
  engine.list_targets = targets;
  engine.list_seekers = seekers;
  engine.seek = seek;
  return lastref::run_command_line(count, words, engine, LASTREF_VERSION);
}
