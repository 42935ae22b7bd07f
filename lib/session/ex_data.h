// Values that an application hangs on sessions, and the process's list of indices and functions.
#ifndef LASTREF_LIB_SESSION_EX_DATA_H_
#define LASTREF_LIB_SESSION_EX_DATA_H_

#include <array>
#include <atomic>
#include <cstdint>

#include "lastref/session.h"

// The opaque LR_EX_DATA. The values are the application's; the array that holds them is ours, and
// is made when the first value is set.
struct lr_ex_data_st {
 public:
  lr_ex_data_st() = default;
  lr_ex_data_st(const lr_ex_data_st&) = delete;
  lr_ex_data_st& operator=(const lr_ex_data_st&) = delete;
  ~lr_ex_data_st();

  void* get(int index) const;
  // False for an unknown index and when memory is short.
  bool set(int index, void* value);

  // Makes room for as many values as `source` holds, so that duplicate() needs no memory.
  bool reserve_like(const lr_ex_data_st& source);

  // Call the functions of all indices. `parent` is the session.
  void born(void* parent);
  void died(void* parent);
  // False when a dup function answers 0.
  bool duplicate(const lr_ex_data_st& source);

 private:
  bool reserve(std::uint32_t size);

  void** values_ = nullptr;
  std::uint32_t size_ = 0;
};

namespace lr {

struct ExIndex {
  long argl = 0;
  void* argp = nullptr;
  lr_ex_new* on_new = nullptr;
  lr_ex_dup* on_dup = nullptr;
  lr_ex_free* on_free = nullptr;
};

inline constexpr int kMaxExIndices = 32;

// Indices are only ever added, so readers need no lock: they see those that were complete when they
// read the count.
class ExIndices {
 public:
  // -1 when there are too many.
  int add(const ExIndex& index);
  int count() const { return count_.load(std::memory_order_acquire); }
  const ExIndex& operator[](int index) const { return table_[static_cast<std::size_t>(index)]; }

 private:
  std::array<ExIndex, kMaxExIndices> table_{};
  std::atomic<int> count_{0};
};
extern constinit ExIndices ex_indices;

}  // namespace lr

inline void lr_ex_data_st::born(void* parent) {
  const int count = lr::ex_indices.count();
  for (int i = 0; i < count; ++i) {
    const lr::ExIndex& of = lr::ex_indices[i];
    if (of.on_new != nullptr) of.on_new(parent, nullptr, this, i, of.argl, of.argp);
  }
}

inline void lr_ex_data_st::died(void* parent) {
  const int count = lr::ex_indices.count();
  for (int i = 0; i < count; ++i) {
    const lr::ExIndex& of = lr::ex_indices[i];
    if (of.on_free != nullptr) of.on_free(parent, get(i), this, i, of.argl, of.argp);
  }
}

inline void* lr_ex_data_st::get(int index) const {
  return index >= 0 && static_cast<std::uint32_t>(index) < size_ ? values_[index] : nullptr;
}

#endif  // LASTREF_LIB_SESSION_EX_DATA_H_
