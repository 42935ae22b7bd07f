// The ways in which a counted object is used, whatever it is counted by.
//
// A Way has
//   Object                  what a pool holds, movable
//   static Object make()    one with a reference, which the pool's end releases
//   static void drop(Object&)
//   static void pair(Object&)   one more reference, and released
//   static void life()          makes an object, acquires, and releases both
#ifndef LASTREF_BENCH_COUNTING_H_
#define LASTREF_BENCH_COUNTING_H_

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "bench/suite.h"

namespace lastref::bench {

// Which object of a pool is used, over and over: few often and many seldom, after Zipf, as the
// sessions of a server's clients are. Of a fixed seed, another one for each thread.
class Picks {
 public:
  static constexpr std::size_t kCount = 1 << 14;

  Picks(std::size_t objects, int thread, double skew) {
    std::vector<double> sums(objects);
    double sum = 0;
    for (std::size_t i = 0; i < objects; ++i) {
      sums[i] = sum += std::pow(static_cast<double>(i + 1), -skew);
    }
    std::mt19937 random(static_cast<unsigned>(1 + thread));
    std::uniform_real_distribution<double> upto(0, sum);
    for (std::uint32_t& pick : picks_) {
      const auto at = std::ranges::lower_bound(sums, upto(random));
      pick = static_cast<std::uint32_t>(std::min(at - sums.begin(), std::ssize(sums) - 1));
    }
  }

  std::size_t next() { return picks_[at_++ % kCount]; }

 private:
  std::array<std::uint32_t, kCount> picks_{};
  std::size_t at_ = 0;
};

inline constexpr std::size_t kPool = 1000;
inline constexpr double kPoolSkew = 0.99;  // as the YCSB benchmark has it

// Every thread on one object.
template <class Way>
void shared_pairs(benchmark::State& state) {
  static std::vector<typename Way::Object> object;
  if (state.thread_index() == 0) object.push_back(Way::make());
  for (auto step : state) Way::pair(object[0]);
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() != 0) return;
  Way::drop(object[0]);
  object.clear();
}

// Every thread on one that it made.
template <class Way>
void own_pairs(benchmark::State& state) {
  // Far from those of other threads, which the allocator may not see to.
  std::vector<typename Way::Object> objects;
  for (int i = 0; i < 3; ++i) objects.push_back(Way::make());
  for (auto step : state) Way::pair(objects[1]);
  state.SetItemsProcessed(state.iterations());
  for (auto& object : objects) Way::drop(object);
}

template <class Way>
void pool_pairs(benchmark::State& state) {
  static std::vector<typename Way::Object> pool;
  if (state.thread_index() == 0) {
    for (std::size_t i = 0; i < kPool; ++i) pool.push_back(Way::make());
  }
  Picks picks(kPool, state.thread_index(), kPoolSkew);
  for (auto step : state) Way::pair(pool[picks.next()]);
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() != 0) return;
  for (auto& object : pool) Way::drop(object);
  pool.clear();
}

template <class Way>
void lives(benchmark::State& state) {
  for (auto step : state) Way::life();
  state.SetItemsProcessed(state.iterations());
}

// Some milliseconds each.
inline constexpr std::int64_t kPairs = 200'000;
inline constexpr std::int64_t kLives = 50'000;

// Rows "pair/PATTERN/WAY" and "life/WAY", and what instructions are counted of.
template <class Way>
void add_way(const std::string& name, bool for_one_thread = false) {
  for_thread_counts([&](int threads) {
    if (threads > 1 && for_one_thread) return;
    add_row("pair/shared/" + name, threads, kPairs, shared_pairs<Way>);
    add_row("pair/own/" + name, threads, kPairs, own_pairs<Way>);
    add_row("pair/pool/" + name, threads, kPairs, pool_pairs<Way>);
    add_row("life/own/" + name, threads, kLives, lives<Way>);
  });
  add_deed("pair/" + name, [](long count) {
    auto object = Way::make();
    for (long i = 0; i < count; ++i) Way::pair(object);
    Way::drop(object);
  });
  add_deed("life/" + name, [](long count) {
    for (long i = 0; i < count; ++i) Way::life();
  });
}

}  // namespace lastref::bench

#endif  // LASTREF_BENCH_COUNTING_H_
