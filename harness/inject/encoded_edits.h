// What is done to an encoded session: every one of a kind of change, or one that is drawn.
#ifndef LASTREF_HARNESS_INJECT_ENCODED_EDITS_H_
#define LASTREF_HARNESS_INJECT_ENCODED_EDITS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "harness/generate/random.h"
#include "harness/inject/encoded_fields.h"

namespace lastref {

class EncodedEdits {
 public:
  explicit EncodedEdits(std::vector<std::uint8_t> encoding);

  const std::vector<std::uint8_t>& encoding() const { return encoding_; }

  // How many there are: none at all; cut to each length; each byte with each other value; at each
  // place a number of two, four or eight bytes, with the high byte first or last, that is an end of
  // its type, near what it was or near what is left of the bytes; longer by some bytes; each field
  // left out, there twice, in the place of its neighbour, and with each wrong length, and for DER
  // the same with the lengths around it right, and lengths in more bytes than they need.
  std::size_t count() const { return edits_.size(); }
  // The encoding with that one, at most kMaxGivenBytes of it.
  std::vector<std::uint8_t> edited(std::size_t index) const;
  // With some that are drawn, one on the other; most times few.
  std::vector<std::uint8_t> drawn(Random& random) const;

 private:
  enum class Kind : std::uint8_t {
    kNone,
    kCut,
    kByte,
    kNumber,
    kLonger,
    kDrop,
    kRepeat,
    kSwap,
    kLength
  };
  struct Edit {
    Kind kind = Kind::kNone;
    std::uint8_t how = 0;
    std::uint16_t at = 0;  // a place, or the index of a field
  };
  static constexpr std::uint8_t kLengthsFollow = 0x80;  // of `how`, for fields of DER

  void add_fields();
  std::vector<std::uint8_t> field_edited(const Edit& edit) const;
  void draw_one(Random& random, std::vector<std::uint8_t>& bytes) const;

  std::vector<std::uint8_t> encoding_;
  EncodedFields fields_;
  std::vector<Edit> edits_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_ENCODED_EDITS_H_
