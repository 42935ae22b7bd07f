// What the programs of the benchmark suite share: their main(), and in what they are run.
#ifndef LASTREF_BENCH_SUITE_H_
#define LASTREF_BENCH_SUITE_H_

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>
#include <string>

namespace lastref::bench {

// What the program measures, for main() to run. Defined by each program.
void add_rows();

// 1 and so on up to twice the processors, for as many threads as a row is measured with.
void for_thread_counts(const std::function<void(int threads)>& act);

// How many times as much work rows do, from --scale.
std::int64_t scale();

// Threads meet by chance, and in a row of some milliseconds once or never: they do so many times
// the work of one thread.
inline constexpr std::int64_t kTogether = 5;

// A row timed by the clock on the wall, since threads wait for each other. Each of its repetitions
// and threads does the same work: a number that were found by trying would be small where other
// work on the machine came between, and then measure little but that.
template <class Function>
void add_row(const std::string& name, int threads, std::int64_t iterations, Function&& function) {
  benchmark::RegisterBenchmark(name.c_str(), std::forward<Function>(function))
      ->Threads(threads)
      ->Iterations(iterations * scale() * (threads > 1 ? kTogether : 1))
      ->UseRealTime();
}

// What can also be done a number of times and nothing else: `--do NAME COUNT`, for callgrind to
// count the instructions of.
void add_deed(const std::string& name, std::function<void(long count)> deed);

}  // namespace lastref::bench

#endif  // LASTREF_BENCH_SUITE_H_
