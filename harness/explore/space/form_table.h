// The forms that a search has met, each once and in full: no state is taken for another.
#ifndef LASTREF_HARNESS_EXPLORE_SPACE_FORM_TABLE_H_
#define LASTREF_HARNESS_EXPLORE_SPACE_FORM_TABLE_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "harness/explore/large_page_allocator.h"

namespace lastref {

class FormTable {
 public:
  using Bytes = std::span<const std::uint8_t>;

  FormTable() : places_(std::size_t{1} << kFirstBits, kEmpty) {}

  // The number of the form, by the order in which forms were added.
  std::optional<std::uint32_t> find(Bytes form, std::uint64_t hash) const {
    const std::uint32_t number = places_[place_of(form, hash)];
    if (number == kEmpty) return std::nullopt;
    return number;
  }

  // The number, and whether the form is new. At most 2^32 - 1 forms.
  std::pair<std::uint32_t, bool> add(Bytes form, std::uint64_t hash) {
    if (4 * (hashes_.size() + 1) > 3 * places_.size()) grow();
    std::uint32_t& place = places_[place_of(form, hash)];
    if (place != kEmpty) return {place, false};
    place = static_cast<std::uint32_t>(hashes_.size());
    hashes_.push_back(hash);
    bytes_.insert(bytes_.end(), form.begin(), form.end());
    ends_.push_back(bytes_.size());
    return {place, true};
  }

  Bytes operator[](std::uint32_t number) const {
    const std::size_t begin = number == 0 ? 0 : ends_[number - 1];
    return Bytes(bytes_).subspan(begin, ends_[number] - begin);
  }
  std::uint64_t hash(std::uint32_t number) const { return hashes_[number]; }
  std::size_t size() const { return hashes_.size(); }
  // Memory, without what vectors keep in reserve.
  std::size_t bytes() const {
    return bytes_.size() + hashes_.size() * (sizeof hashes_[0] + sizeof ends_[0]) +
           places_.size() * sizeof places_[0];
  }

 private:
  static constexpr int kFirstBits = 10;
  static constexpr std::uint32_t kEmpty = ~std::uint32_t{0};

  // Where the form is, or where it would be.
  std::size_t place_of(Bytes form, std::uint64_t hash) const {
    const std::size_t mask = places_.size() - 1;
    std::size_t place = hash & mask;
    while (places_[place] != kEmpty) {
      const std::uint32_t number = places_[place];
      if (hashes_[number] == hash) {
        const Bytes other = (*this)[number];
        if (std::equal(form.begin(), form.end(), other.begin(), other.end())) break;
      }
      place = (place + 1) & mask;
    }
    return place;
  }

  void grow() {
    std::vector<std::uint32_t, LargePageAllocator<std::uint32_t>> larger(2 * places_.size(),
                                                                         kEmpty);
    const std::size_t mask = larger.size() - 1;
    for (std::uint32_t number = 0; number < hashes_.size(); ++number) {
      std::size_t place = hashes_[number] & mask;
      while (larger[place] != kEmpty) place = (place + 1) & mask;
      larger[place] = number;
    }
    places_.swap(larger);
  }

  std::vector<std::uint32_t, LargePageAllocator<std::uint32_t>> places_;
  std::vector<std::uint64_t> hashes_;
  std::vector<std::size_t> ends_;  // in bytes_
  std::vector<std::uint8_t> bytes_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_SPACE_FORM_TABLE_H_
