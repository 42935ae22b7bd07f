#include "harness/explore/run/chunk_marks.h"

#include <algorithm>
#include <new>

#include "harness/execute/shared_memory.h"

namespace lastref {

ChunkMarks::ChunkMarks(std::uint64_t programs, std::uint64_t chunk)
    : programs_(programs), chunk_(chunk) {
  const std::uint64_t chunks = (programs + chunk - 1) / chunk;
  if (chunks == 0) return;
  void* const memory = map_shared(chunks * sizeof(Mark));
  if (memory == nullptr) throw std::bad_alloc();
  marks_ = {static_cast<Mark*>(memory), chunks};  // zeroed
}

ChunkMarks::~ChunkMarks() {
  if (!marks_.empty()) unmap_shared(marks_.data(), marks_.size_bytes());
}

std::uint32_t ChunkMarks::size_of(std::uint64_t chunk) const {
  return static_cast<std::uint32_t>(std::min(chunk_, programs_ - chunk * chunk_));
}

// The worker has ended and the next one goes on behind the program, if anything is left there.
void ChunkMarks::failed(std::uint64_t program) {
  const std::uint64_t chunk = program / chunk_;
  const auto run = static_cast<std::uint32_t>(program % chunk_) + 1;
  if (run == size_of(chunk)) marks_[chunk].programs.store(run, std::memory_order_release);
}

void ChunkMarks::restore(std::uint64_t chunk, std::uint32_t transitions) {
  marks_[chunk].transitions.store(transitions);
  marks_[chunk].programs.store(size_of(chunk));
}

std::uint64_t ChunkMarks::programs_done() const {
  std::uint64_t sum = 0;
  for (const Mark& mark : marks_) sum += mark.programs.load(std::memory_order_acquire);
  return sum;
}

std::uint64_t ChunkMarks::transitions_done() const {
  std::uint64_t sum = 0;
  for (const Mark& mark : marks_) sum += mark.transitions.load(std::memory_order_relaxed);
  return sum;
}

}  // namespace lastref
