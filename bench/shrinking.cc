// How small programs get, and how long that takes.
//
//   bench_shrink TARGET [failing programs [seed]]
//
// Random programs of the common mix, with no hazard gone round, are drawn until so many have
// failed; each of them is shrunk, and the result is taken for 1-minimal when none of the programs
// with one operation less shows the same. Wall-clock time of one process. Exits with 1 when one is
// not.
#include "harness/generate/shrinking.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include "harness/execute/finding.h"
#include "harness/generate/candidates.h"
#include "harness/generate/redraw.h"
#include "harness/shrink/unit.h"

namespace lastref::bench {
namespace {

constexpr int kPrograms = 1000;
constexpr int kOperations = 24;
// A target that fails less often than once in so many programs is not for this.
constexpr std::uint64_t kDrawsForOne = 100'000;

struct Measured {
  std::vector<double> seconds;
  std::vector<double> sizes;
  std::vector<double> tries;
  std::map<std::string, int> causes;
  int minimal = 0;
  int incomplete = 0;
};

std::string spread(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const auto at = [&](double share) {
    return values[static_cast<std::size_t>(share * static_cast<double>(values.size() - 1))];
  };
  return fmt::format("median {:.3g}, 90 % {:.3g}, most {:.3g}", at(0.5), at(0.9), values.back());
}

bool can_lose_one(Candidates& candidates, const Shrunk& shrunk) {
  const Signature wanted = signature(shrunk.run.symptoms.cause());
  const std::vector<Unit> units = units_of(shrunk.program);
  for (std::size_t out = 0; out < units.size(); ++out) {
    std::vector<Unit> fewer = units;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(out));
    const ProgramRun run = candidates.run(with_units(shrunk.program, fewer));
    if (run.illegal_operation < 0 && !run.symptoms.empty() &&
        signature(run.symptoms.cause()) == wanted) {
      return true;
    }
  }
  return false;
}

int measure(const std::string& target, std::size_t programs, std::uint64_t seed) {
  Replay replay(target, Hazards{}, serve_redraw([](const lastref_target& of) {
                  return Mix(of.capabilities, MixKind::kCommon);
                }));
  if (const std::string error = replay.start(); !error.empty()) {
    fmt::print(stderr, "bench_shrink: {}: {}\n", target, error);
    return 3;
  }
  Candidates candidates(replay, true);
  Measured measured;
  std::uint64_t index = 0;
  for (std::uint64_t drawn = 0; measured.sizes.size() < programs; ++index, ++drawn) {
    if (drawn == kDrawsForOne) {
      fmt::print(stderr, "bench_shrink: {}: none of {} programs failed\n", target, drawn);
      break;
    }
    Program program;
    if (!redraw(replay, {seed, index, kOperations}, program)) continue;
    const ProgramRun first = candidates.run(program);
    if (first.symptoms.empty() || first.illegal_operation >= 0) continue;
    drawn = 0;
    const auto start = std::chrono::steady_clock::now();
    const Shrunk shrunk = shrink_on(replay, program, first, {});
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    measured.seconds.push_back(taken.count());
    measured.sizes.push_back(shrunk.program.size);
    measured.tries.push_back(shrunk.tried);
    ++measured.causes[text(signature(shrunk.run.symptoms.cause()))];
    if (!shrunk.complete) ++measured.incomplete;
    if (!can_lose_one(candidates, shrunk)) ++measured.minimal;
  }
  if (measured.sizes.empty()) return 1;
  fmt::print("{}: {} of {} programs failed, seed {}, {} causes\n", replay.version(),
             measured.sizes.size(), index, seed, measured.causes.size());
  fmt::print("operations: {}\n", spread(measured.sizes));
  fmt::print("1-minimal:  {} of {} ({} ended by a bound)\n", measured.minimal,
             measured.sizes.size(), measured.incomplete);
  fmt::print("tries:      {}\n", spread(measured.tries));
  fmt::print("seconds:    {}\n", spread(measured.seconds));
  return static_cast<std::size_t>(measured.minimal) == measured.sizes.size() ? 0 : 1;
}

}  // namespace
}  // namespace lastref::bench

int main(int argc, char** argv) {
  if (argc < 2 || argc > 4) {
    fmt::print(stderr, "usage: bench_shrink TARGET [failing programs [seed]]\n");
    return 2;
  }
  const int programs = argc > 2 ? std::atoi(argv[2]) : lastref::bench::kPrograms;
  const int seed = argc > 3 ? std::atoi(argv[3]) : 1;
  if (programs < 1 || seed < 0) {
    fmt::print(stderr, "bench_shrink: expected a number of programs from 1 and a seed from 0\n");
    return 2;
  }
  return lastref::bench::measure(argv[1], static_cast<std::size_t>(programs),
                                 static_cast<std::uint64_t>(seed));
}
