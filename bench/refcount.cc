// Ways to count: those of lib/refcount, and from outside std::shared_ptr and, where it is
// installed, boost::intrusive_ptr. The counts of TLS libraries are in programs of their own,
// library.cc.
//
//   build/release/bin/bench_refcount --benchmark_filter=pair/shared
#if LASTREF_BENCH_BOOST
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#endif

#include <memory>

#include "bench/counting.h"
#include "lib/refcount/acquire_release.h"
#include "lib/refcount/biased.h"
#include "lib/refcount/locked.h"
#include "lib/refcount/plain.h"
#include "lib/refcount/saturating.h"
#include "lib/refcount/sequentially_consistent.h"
#include "lib/refcount/split.h"

namespace lastref::bench {
namespace {

// What a counted object has beside its count.
struct Payload {
  std::uint64_t words[8] = {};
};

template <refcount::Counter C>
struct CountedBy {
  struct Counted {
    C references;
    Payload payload;
  };
  using Object = Counted*;

  static Object make() { return new Counted; }
  static void release(Counted* object) {
    if (object->references.release()) destroy(object);
  }
  // Apart, or the compiler follows what the plain count would do if a reference were missing.
  [[gnu::noinline]] static void destroy(Counted* object) { delete object; }
  static void drop(Object& object) { release(object); }
  static void pair(Object& object) {
    object->references.acquire();
    benchmark::ClobberMemory();  // the reference is used for something
    release(object);
  }
  static void life() {
    Object object = make();
    benchmark::DoNotOptimize(object);
    pair(object);
    release(object);
  }
};

// A copy of a pointer that counts, and its end.
template <class Pointer, Pointer (*maker)()>
struct Copied {
  using Object = Pointer;

  static Object make() { return maker(); }
  static void drop(Object& object) { object.reset(); }
  static void pair(Object& object) {
    Pointer copy = object;
    benchmark::DoNotOptimize(copy);
  }
  static void life() {
    Object object = make();
    pair(object);
  }
};

std::shared_ptr<Payload> make_shared_payload() { return std::make_shared<Payload>(); }

#if LASTREF_BENCH_BOOST
struct BoostCounted : boost::intrusive_ref_counter<BoostCounted, boost::thread_safe_counter> {
  Payload payload;
};
using BoostPointer = boost::intrusive_ptr<BoostCounted>;
BoostPointer make_intrusive() { return BoostPointer(new BoostCounted); }
#endif

// The same work at all times: how much its time varies is how quiet the machine is.
void calibrate(benchmark::State& state) {
  std::uint64_t number = 1;
  for (auto step : state) {
    for (int i = 0; i < 1000; ++i) benchmark::DoNotOptimize(number = number * 6364136223846793005U);
  }
  state.SetItemsProcessed(state.iterations());
}

}  // namespace

void add_rows() {
  add_row("calibration", 1, 5000, calibrate);
  add_way<CountedBy<refcount::Plain>>("plain", true);
  add_way<CountedBy<refcount::AcquireRelease>>("acquire_release");
  add_way<CountedBy<refcount::SequentiallyConsistent>>("sequentially_consistent");
  add_way<CountedBy<refcount::Saturating>>("saturating");
  add_way<CountedBy<refcount::Locked>>("locked");
  add_way<CountedBy<refcount::Biased>>("biased");
  add_way<CountedBy<refcount::Split>>("split");
  add_way<Copied<std::shared_ptr<Payload>, make_shared_payload>>("std::shared_ptr");
#if LASTREF_BENCH_BOOST
  add_way<Copied<BoostPointer, make_intrusive>>("boost::intrusive_ptr");
#endif
}

}  // namespace lastref::bench
