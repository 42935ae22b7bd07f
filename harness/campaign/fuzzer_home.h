// What a campaign keeps of one fuzzer: its corpus, the inputs that ended it, its engine's log.
#ifndef LASTREF_HARNESS_CAMPAIGN_FUZZER_HOME_H_
#define LASTREF_HARNESS_CAMPAIGN_FUZZER_HOME_H_

#include <cstddef>
#include <filesystem>
#include <vector>

namespace lastref {

class FuzzerHome {
 public:
  explicit FuzzerHome(const std::filesystem::path& directory) : directory_(directory) {}

  std::filesystem::path corpus() const { return directory_ / "corpus"; }
  // A corpus that a minimisation is writing, and the one that it is about to replace.
  std::filesystem::path new_corpus() const { return directory_ / "corpus.new"; }
  std::filesystem::path old_corpus() const { return directory_ / "corpus.old"; }
  // Inputs at which the engine ended and that nobody has looked at yet.
  std::filesystem::path artifacts() const { return directory_ / "artifacts"; }
  std::filesystem::path log(std::size_t job) const;

  // Makes what is missing, and puts right what a kill at any point left behind. Throws
  // std::filesystem::filesystem_error where that cannot be.
  void open() const;

  // Makes the new corpus the corpus, unless it is empty; then it is thrown away.
  void take_new_corpus() const;

  // Inputs of crashes, hangs and exhausted memory, in order of their names. Inputs that were slow
  // only are no findings.
  std::vector<std::filesystem::path> waiting() const;

 private:
  std::filesystem::path directory_;
};

// Regular files of a directory, in order of their names; empty when there is none.
std::vector<std::filesystem::path> files_in(const std::filesystem::path& directory);

}  // namespace lastref

#endif  // LASTREF_HARNESS_CAMPAIGN_FUZZER_HOME_H_
