#include "fuzz/ledger_watch.h"

#include <cstdio>
#include <cstdlib>

#include "lastref/ownership.h"

namespace lastref {

std::string ledger_complaint() {
  if (lastref_ledger_finding_count() == 0) return {};
  char* text = nullptr;
  std::size_t size = 0;
  std::FILE* const out = open_memstream(&text, &size);
  if (out == nullptr) return "the ledger has findings, and there is no memory to print them";
  lastref_ledger_print(out);
  std::fclose(out);
  std::string complaint =
      "the ledger accuses a program that keeps the rules:\n" + std::string(text);
  std::free(text);  // as open_memstream(3) says
  return complaint;
}

}  // namespace lastref
