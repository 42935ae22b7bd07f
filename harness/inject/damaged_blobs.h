// Which blob has which index: systematic changes first, then such as are drawn.
#ifndef LASTREF_HARNESS_INJECT_DAMAGED_BLOBS_H_
#define LASTREF_HARNESS_INJECT_DAMAGED_BLOBS_H_

#include <cstdint>
#include <vector>

#include "harness/inject/encoded_edits.h"
#include "harness/program/program.h"

namespace lastref {

class DamagedBlobs {
 public:
  DamagedBlobs(std::uint64_t seed, std::uint64_t budget) : seed_(seed), budget_(budget) {}

  // Those that are added first come first. One with a certificate is decoded in one way where
  // others are in all, and drawn less often.
  void add(const std::vector<std::uint8_t>& encoding, bool certificate);
  bool empty() const { return sessions_.empty(); }

  // All systematic blobs that there are, and how many of them lie within the budget: where it is
  // less, those are spread over all.
  std::uint64_t all_systematic() const { return systematic_; }
  std::uint64_t systematic() const { return systematic_ < budget_ ? systematic_ : budget_; }

  // The program that decodes the blob, with its bytes.
  void fill(std::uint64_t index, Program& program) const;

 private:
  struct Session {
    EncodedEdits edits;
    std::uint64_t first = 0;  // systematic blob
    bool certificate = false;
  };
  void fill_systematic(std::uint64_t index, Program& program) const;
  void fill_drawn(std::uint64_t index, Program& program) const;

  std::uint64_t seed_;
  std::uint64_t budget_;
  std::uint64_t systematic_ = 0;
  std::vector<Session> sessions_;
  std::vector<std::size_t> light_;  // those without a certificate
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_INJECT_DAMAGED_BLOBS_H_
