#include "harness/cli/command_line.h"
#include "harness/cli/fake_engine.h"

int main(int count, char** words) {
  return lastref::run_command_line(count, words, lastref::fake_engine(), "0.0.0-fake");
}
