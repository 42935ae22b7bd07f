// The main() of the suite's programs. Beside Google Benchmark's options:
//
//   PROGRAM --do NAME COUNT    does NAME that often and exits; a name that is none lists them
//   PROGRAM --scale N ...      so many times the work in each row, for a steadier figure
//
// Exit codes: 0 done, 2 wrong usage.
#include "bench/suite.h"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <thread>

namespace lastref::bench {
namespace {

std::map<std::string, std::function<void(long)>>& deeds() {
  static std::map<std::string, std::function<void(long)>> all;
  return all;
}

std::int64_t scale_asked = 1;

// A positive number, or 0 for anything else.
long number(const char* text) {
  char* end = nullptr;
  const long value = std::strtol(text, &end, 10);
  return *text == '\0' || *end != '\0' || value < 0 ? 0 : value;
}

int do_deed(const char* name, const char* count) {
  const auto deed = deeds().find(name);
  if (deed != deeds().end() && number(count) > 0) {
    deed->second(number(count));
    return 0;
  }
  std::fprintf(stderr, "--do NAME COUNT: found %s %s; NAME is one of:\n", name, count);
  for (const auto& [known, function] : deeds()) std::fprintf(stderr, "  %s\n", known.c_str());
  return 2;
}

}  // namespace

std::int64_t scale() { return scale_asked; }

void for_thread_counts(const std::function<void(int threads)>& act) {
  const int most = 2 * static_cast<int>(std::thread::hardware_concurrency());
  for (int threads = 1; threads < most; threads *= 2) act(threads);
  act(most > 0 ? most : 1);
}

void add_deed(const std::string& name, std::function<void(long count)> deed) {
  deeds()[name] = std::move(deed);
}

}  // namespace lastref::bench

int main(int argc, char** argv) {
  using namespace lastref::bench;
  if (argc > 2 && std::string_view(argv[1]) == "--scale") {
    scale_asked = number(argv[2]);
    if (scale_asked == 0) {
      std::fprintf(stderr, "--scale N: found %s, expected a number from 1\n", argv[2]);
      return 2;
    }
    argv[2] = argv[0];
    argv += 2;
    argc -= 2;
  }
  add_rows();
  if (argc == 4 && std::string_view(argv[1]) == "--do") return do_deed(argv[2], argv[3]);
  benchmark::AddCustomContext("benchmark_version", LASTREF_BENCHMARK_VERSION);
  benchmark::AddCustomContext("compiler", LASTREF_BENCH_COMPILER);
  benchmark::AddCustomContext("flags", LASTREF_BENCH_FLAGS);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  // A process that never had a second thread is spared atomic operations by the C and C++
  // libraries, which no server is.
  std::thread([] {}).join();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  return 0;
}
