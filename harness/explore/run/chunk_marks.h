// Which programs of an agenda were run, in memory that worker processes share with their parent.
//
// A mark for each chunk: how far it came, and the transitions that its programs exercised. One
// worker at a time works on a chunk, so that nothing needs a lock.
#ifndef LASTREF_HARNESS_EXPLORE_RUN_CHUNK_MARKS_H_
#define LASTREF_HARNESS_EXPLORE_RUN_CHUNK_MARKS_H_

#include <atomic>
#include <cstdint>
#include <span>

namespace lastref {

class ChunkMarks {
 public:
  struct Mark {
    std::atomic<std::uint32_t> programs;     // of the chunk that were run, in order
    std::atomic<std::uint32_t> transitions;  // that they exercised, those of failed ones left out
  };

  // Throws std::bad_alloc.
  ChunkMarks(std::uint64_t programs, std::uint64_t chunk);
  ~ChunkMarks();
  ChunkMarks(const ChunkMarks&) = delete;
  ChunkMarks& operator=(const ChunkMarks&) = delete;

  std::uint64_t chunk() const { return chunk_; }
  std::uint64_t chunks() const { return marks_.size(); }

  // For a worker. A program came to its end.
  void count(std::uint64_t program, std::uint32_t transitions) {
    Mark& mark = marks_[program / chunk_];
    mark.transitions.store(mark.transitions.load(std::memory_order_relaxed) + transitions,
                           std::memory_order_relaxed);
    mark.programs.store(static_cast<std::uint32_t>(program % chunk_) + 1,
                        std::memory_order_release);
  }
  // For the parent. A program failed.
  void failed(std::uint64_t program);
  // For the parent, of a chunk that was run before.
  void restore(std::uint64_t chunk, std::uint32_t transitions);

  // Whether the program's whole chunk was run.
  bool is_done(std::uint64_t program) const { return is_chunk_done(program / chunk_); }
  bool is_chunk_done(std::uint64_t chunk) const {
    return marks_[chunk].programs.load(std::memory_order_acquire) == size_of(chunk);
  }
  std::uint32_t transitions_of(std::uint64_t chunk) const {
    return marks_[chunk].transitions.load(std::memory_order_relaxed);
  }
  std::uint64_t programs_done() const;
  std::uint64_t transitions_done() const;

 private:
  std::uint32_t size_of(std::uint64_t chunk) const;

  std::uint64_t programs_;
  std::uint64_t chunk_;
  std::span<Mark> marks_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_RUN_CHUNK_MARKS_H_
