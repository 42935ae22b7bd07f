// Lines of the corpus's files in parts.
#ifndef LASTREF_HARNESS_CORPUS_SPLIT_H_
#define LASTREF_HARNESS_CORPUS_SPLIT_H_

#include <cstddef>
#include <string_view>
#include <vector>

namespace lastref {

// What stands between the separators, also where that is nothing: at least one part. Borrowed.
inline std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

}  // namespace lastref

#endif  // LASTREF_HARNESS_CORPUS_SPLIT_H_
