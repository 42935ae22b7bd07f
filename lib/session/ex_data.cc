#include "lib/session/ex_data.h"

#include <algorithm>
#include <mutex>

#include "lib/session/memory.h"

namespace lr {
namespace {

constinit std::mutex adding;

}  // namespace

constinit ExIndices ex_indices;

int ExIndices::add(const ExIndex& index) {
  const std::lock_guard<std::mutex> lock(adding);
  const int added = count_.load(std::memory_order_relaxed);
  if (added == kMaxExIndices) return -1;
  table_[static_cast<std::size_t>(added)] = index;
  count_.store(added + 1, std::memory_order_release);
  return added;
}

}  // namespace lr

lr_ex_data_st::~lr_ex_data_st() {
  if (values_ != nullptr) lr::deallocate(values_);
}

bool lr_ex_data_st::reserve(std::uint32_t size) {
  if (size <= size_) return true;
  auto** values = static_cast<void**>(lr::allocate(size * sizeof(void*)));
  if (values == nullptr) return false;
  std::fill(std::copy_n(values_, size_, values), values + size, nullptr);
  lr::deallocate(values_);
  values_ = values;
  size_ = size;
  return true;
}

bool lr_ex_data_st::set(int index, void* value) {
  if (index < 0 || index >= lr::ex_indices.count()) return false;
  if (value == nullptr && get(index) == nullptr) return true;
  if (!reserve(static_cast<std::uint32_t>(index) + 1)) return false;
  values_[index] = value;
  return true;
}

bool lr_ex_data_st::reserve_like(const lr_ex_data_st& source) { return reserve(source.size_); }

bool lr_ex_data_st::duplicate(const lr_ex_data_st& source) {
  const int count = lr::ex_indices.count();
  for (int i = 0; i < count; ++i) {
    const lr::ExIndex& of = lr::ex_indices[i];
    void* value = source.get(i);
    if (of.on_dup != nullptr && of.on_dup(this, &source, &value, i, of.argl, of.argp) == 0) {
      return false;
    }
    if (!set(i, value)) return false;
  }
  return true;
}

int lr_SESSION_get_ex_new_index(long argl, void* argp, lr_ex_new* on_new, lr_ex_dup* on_dup,
                                lr_ex_free* on_free) {
  return lr::ex_indices.add({argl, argp, on_new, on_dup, on_free});
}
