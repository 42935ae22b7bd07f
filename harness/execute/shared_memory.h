// Memory that a process shares with the children it forks later.
#ifndef LASTREF_HARNESS_EXECUTE_SHARED_MEMORY_H_
#define LASTREF_HARNESS_EXECUTE_SHARED_MEMORY_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string_view>
#include <utility>

namespace lastref {

// Zeroed pages, or NULL when the system has none. unmap_shared() gives them back.
void* map_shared(std::size_t bytes);
void unmap_shared(void* memory, std::size_t bytes);

// One T in shared memory. Owns it in the process that made it; children have it until they end.
// Throws std::bad_alloc. T needs no destructor: none is run.
template <typename T>
class Shared {
 public:
  Shared() : value_(construct()) {}
  ~Shared() { unmap_shared(value_, sizeof(T)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  Shared(Shared&& other) noexcept : value_(std::exchange(other.value_, nullptr)) {}

  T& operator*() const { return *value_; }
  T* operator->() const { return value_; }

 private:
  static T* construct() {
    void* const memory = map_shared(sizeof(T));
    if (memory == nullptr) throw std::bad_alloc();
    return new (memory) T;
  }
  T* value_;
};

// Bytes that a worker hands over. What was appended before a crash is there after it.
class SharedBytes {
 public:
  static constexpr std::size_t kCapacity = std::size_t{256} << 10;

  // False, and nothing changed, when they do not fit.
  bool append(std::span<const std::uint8_t> bytes);
  bool append(std::string_view text) {
    return append({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  }
  std::span<const std::uint8_t> view() const {
    return {bytes_, size_.load(std::memory_order_acquire)};
  }
  void clear() { size_.store(0, std::memory_order_release); }

 private:
  std::atomic<std::size_t> size_ = 0;
  std::uint8_t bytes_[kCapacity];
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_SHARED_MEMORY_H_
