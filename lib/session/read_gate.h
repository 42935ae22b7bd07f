// Lets threads that look something up pass beside each other, and makes who changes it wait until
// they are through. What a lock of readers and writers does, but readers of two threads write to no
// line in common: each goes through the door of its own thread, and who changes shuts all doors
// that were ever used. So a look-up costs one atomic operation however many threads do it, and a
// change one for each thread that has looked something up, eight at most.
//
// After a thousand look-ups through one door without a change between them the gate is open: then a
// thread only says that it looks something up, and the next change pays for that with a fence in
// all threads, some microseconds, and a look at what each of them says (after Dice and Kogan,
// "BRAVO - Biased Locking for Reader-Writer Locks", USENIX ATC 2019).
//
// Who changes holds the mutex that the gate was made for. Nobody calls out while inside.
#ifndef LASTREF_LIB_SESSION_READ_GATE_H_
#define LASTREF_LIB_SESSION_READ_GATE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <thread>

#include "lib/refcount/thread_place.h"

namespace lr {

class ReadGate {
  struct Door {
    // Held for some instructions only.
    void shut() {
      while (is_shut.exchange(true, std::memory_order_acquire)) std::this_thread::yield();
    }
    void open() { is_shut.store(false, std::memory_order_release); }

    std::atomic<bool> is_shut{false};
    std::uint32_t passed = 0;  // look-ups since the last change; of who has shut the door
    // At a distance, so that no two doors are in one line wherever the gate lies.
    std::array<char, lastref::refcount::kCacheLine - 2 * sizeof(std::uint32_t)> space{};
  };

 public:
  explicit ReadGate(std::mutex& mutex) : mutex_(mutex) {}
  ReadGate(const ReadGate&) = delete;
  ReadGate& operator=(const ReadGate&) = delete;

  // The caller does not hold the mutex, and is at no other gate.
  class Reading {
   public:
    explicit Reading(ReadGate& gate) : gate_(gate), place_(lastref::refcount::here()) {
      if (gate.is_open_.load(std::memory_order_relaxed) && is_own(place_)) {
        lastref::refcount::say(place_->reading, &gate);
        if (gate.is_open_.load(std::memory_order_acquire)) return;
        lastref::refcount::unsay(place_->reading);
      }
      door_ = &gate.door_of(place_);
      door_->shut();
    }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;
    ~Reading() {
      if (door_ == nullptr) {
        lastref::refcount::unsay(place_->reading);
        return;
      }
      const bool quiet = ++door_->passed % kQuiet == 0;
      door_->open();
      if (quiet) [[unlikely]]
        gate_.open();
    }

   private:
    ReadGate& gate_;
    lastref::refcount::Place* place_;
    Door* door_ = nullptr;  // NULL: the gate was open
  };

  class Changing {
   public:
    explicit Changing(ReadGate& gate) : gate_(gate) {
      if (gate.is_open_.load(std::memory_order_relaxed)) [[unlikely]]
        gate.close();
      gate_.for_used([](Door& door) {
        door.shut();
        door.passed = 0;
      });
    }
    Changing(const Changing&) = delete;
    Changing& operator=(const Changing&) = delete;
    ~Changing() {
      gate_.for_used([](Door& door) { door.open(); });
    }

   private:
    ReadGate& gate_;
  };

 private:
  static constexpr std::size_t kDoors = 8;  // more threads share them
  // So many look-ups through a door cost some microseconds more than through the open gate, as much
  // as closing it.
  static constexpr std::uint32_t kQuiet = 1000;

  Door& door_of(const lastref::refcount::Place* place) {
    const std::size_t number = number_of(place) % kDoors;
    const auto bit = std::uint32_t{1} << number;
    if ((used_.load(std::memory_order_acquire) & bit) == 0) [[unlikely]] {
      // Not beside a change, which would not wait at a door that it does not know of.
      const std::lock_guard<std::mutex> lock(mutex_);
      used_.fetch_or(bit, std::memory_order_release);
    }
    return doors_[number];
  }

  void for_used(const auto& act) {
    const std::uint32_t used = used_.load(std::memory_order_relaxed);
    for (std::size_t i = 0; i < kDoors; ++i) {
      if ((used >> i & 1) != 0) act(doors_[i]);
    }
  }

  void open();
  // Waits until none of those who came in while it was open is inside.
  void close();

  std::mutex& mutex_;
  std::atomic<bool> is_open_{false};  // changes under the mutex
  std::atomic<std::uint32_t> used_{0};
  std::array<Door, kDoors> doors_{};
};

}  // namespace lr

#endif  // LASTREF_LIB_SESSION_READ_GATE_H_
