// What a run has done, written down as it goes on, so that the next one with the same options goes
// on from there.
//
// A file of lines, each a JSON object: which run it is of, then chunks that were run and programs
// that failed. Lines are added and never changed. A line that a kill cut short is the last one, and
// is taken away; a chunk without its line is run again.
#ifndef LASTREF_HARNESS_EXPLORE_RUN_JOURNAL_H_
#define LASTREF_HARNESS_EXPLORE_RUN_JOURNAL_H_

#include <cstdint>
#include <string>
#include <vector>

#include "harness/execute/finding.h"
#include "harness/explore/run/chunk_marks.h"

namespace lastref {

struct JournalVerdict {
  Signature signature;
  std::uint64_t program = 0;
};

class Journal {
 public:
  Journal() = default;
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Opens the file, or begins it. `identity` says which run it is: a journal of another one is
  // refused. Chunks that it has are marked as done. Empty on success, else why not.
  std::string open(const std::string& path, const std::string& identity, ChunkMarks& marks);

  // What open() found in chunks that were done.
  const std::vector<JournalVerdict>& verdicts() const { return verdicts_; }

  // Without open() these do nothing.
  void add(const JournalVerdict& verdict);
  // Chunks that are done. write_settled() writes those that were done at its last call already, so
  // that all verdicts of a chunk have come in before.
  void write_settled(const ChunkMarks& marks);
  void write(const ChunkMarks& marks);

  // Not empty once something could not be written.
  const std::string& error() const { return error_; }

 private:
  enum class ChunkState : std::uint8_t { kOpen, kDone, kWritten };

  std::string read(const std::string& text, const std::string& identity, ChunkMarks& marks);
  void write_chunk(std::uint64_t chunk, const ChunkMarks& marks);
  void write_line(const std::string& line);

  std::string path_;
  int fd_ = -1;
  std::string error_;
  std::vector<ChunkState> chunks_;
  std::vector<JournalVerdict> verdicts_;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXPLORE_RUN_JOURNAL_H_
