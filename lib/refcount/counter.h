// What every way to count references offers.
//
// A counter starts at 1, the reference of whoever made the object. It owns nothing and destroys
// nothing: the caller for whom release() answers true destroys the object, and everything that
// other threads did before their own release is then visible to it.
#ifndef LASTREF_LIB_REFCOUNT_COUNTER_H_
#define LASTREF_LIB_REFCOUNT_COUNTER_H_

#include <concepts>
#include <cstdint>

namespace lastref::refcount {

template <class T>
concept Counter = std::default_initializable<T> && requires(T counter, const T constant) {
  // One more reference. The caller holds one already, so the count is not 0.
  counter.acquire();
  // One reference less; true for the last one.
  { counter.release() } -> std::same_as<bool>;
  // The count as it was at some moment. For reports and tests; no decision may rest on it.
  { constant.value() } -> std::same_as<std::uint32_t>;
};

}  // namespace lastref::refcount

#endif  // LASTREF_LIB_REFCOUNT_COUNTER_H_
