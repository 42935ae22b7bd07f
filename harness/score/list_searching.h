// Seekers whose programs are a list, the same for every seed: it is gone through once.
#ifndef LASTREF_HARNESS_SCORE_LIST_SEARCHING_H_
#define LASTREF_HARNESS_SCORE_LIST_SEARCHING_H_

#include <cstdint>

#include "harness/score/seeker.h"

namespace lastref {

class ListSearching : public Searching {
 public:
  // Both outlive this.
  ListSearching(TargetProcess& process, Program& program)
      : lockstep_(process.lockstep()), program_(program) {}

  // Gives the search up behind the last program of the list.
  void search(const SeekRange& range, SharedProgress& progress) override;

 protected:
  virtual std::uint64_t programs() const = 0;
  virtual void write(std::uint64_t index, Program& program) = 0;

 private:
  Lockstep& lockstep_;
  Program& program_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_SCORE_LIST_SEARCHING_H_
