// The `lastref` program: the command line with the real engine behind it.

#include "harness/cli/command_line.h"
#include "harness/target/loader.h"

namespace {

std::vector<lastref::TargetEntry> targets() {
  std::vector<lastref::TargetEntry> entries;
  for (const lastref::TargetFile& file : lastref::list_targets()) {
    entries.push_back({file.name, file.path.string()});
  }
  return entries;
}

}  // namespace

int main(int count, char** words) {
  lastref::Engine engine;
  engine.check = lastref::check;
  engine.run_program = lastref::run_program;
  engine.shrink_program = lastref::shrink_program;
  engine.target_version = lastref::target_version;
  engine.target_contract = lastref::target_contract;
  engine.list_targets = targets;
  return lastref::run_command_line(count, words, engine, LASTREF_VERSION);
}
