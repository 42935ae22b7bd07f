#include "harness/target/shared/imports.h"

#include <link.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace lastref {
namespace {

using Address = ElfW(Addr);

// A library as the loader has it in memory.
struct Library {
  Address base = 0;
  const ElfW(Dyn) * dynamic = nullptr;
  Address sealed_from = 0;  // what the loader has made read-only once it was done
  Address sealed_to = 0;
};

struct Search {
  Address inside;
  Library found;
};

int look_at(dl_phdr_info* info, std::size_t, void* data) {
  auto& search = *static_cast<Search*>(data);
  Library library{.base = info->dlpi_addr};
  bool holds = false;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = info->dlpi_phdr[i];
    const Address from = library.base + segment.p_vaddr;
    const Address to = from + segment.p_memsz;
    if (segment.p_type == PT_LOAD) holds |= from <= search.inside && search.inside < to;
    if (segment.p_type == PT_DYNAMIC) library.dynamic = std::bit_cast<const ElfW(Dyn)*>(from);
    if (segment.p_type == PT_GNU_RELRO) {
      library.sealed_from = from;
      library.sealed_to = to;
    }
  }
  if (!holds) return 0;
  search.found = library;
  return 1;  // no more
}

// The loader has made addresses of the pointers among these.
Address entry(const Library& library, ElfW(Sxword) tag) {
  for (const ElfW(Dyn)* at = library.dynamic; at->d_tag != DT_NULL; ++at) {
    if (at->d_tag == tag) return at->d_un.d_ptr;
  }
  return 0;
}

bool write(const Library& library, const void** slot, const void* value) {
  const auto page = static_cast<Address>(sysconf(_SC_PAGESIZE));
  const Address at = std::bit_cast<Address>(slot);
  auto* const start = std::bit_cast<void*>(at & ~(page - 1));
  if (mprotect(start, page, PROT_READ | PROT_WRITE) != 0) return false;
  *slot = value;
  const bool sealed = library.sealed_from <= at && at < library.sealed_to;
  return !sealed || mprotect(start, page, PROT_READ) == 0;
}

// One table of relocations: those that stand for an address of a symbol alone name an import.
int replace_in(const Library& library, Address table, std::size_t bytes,
               std::span<const Import> imports) {
  const auto* names = std::bit_cast<const char*>(entry(library, DT_STRTAB));
  const auto* symbols = std::bit_cast<const ElfW(Sym)*>(entry(library, DT_SYMTAB));
  if (names == nullptr || symbols == nullptr) return -1;
  const std::span relocations(std::bit_cast<const ElfW(Rela)*>(table), bytes / sizeof(ElfW(Rela)));
  int replaced = 0;
  for (const ElfW(Rela) & relocation : relocations) {
    const auto symbol = relocation.r_info >> 32;
    if (symbol == 0 || relocation.r_addend != 0) continue;
    const std::string_view name = names + symbols[symbol].st_name;
    const auto import = std::ranges::find(imports, name, &Import::name);
    if (import == imports.end()) continue;
    auto** slot = std::bit_cast<const void**>(library.base + relocation.r_offset);
    if (!write(library, slot, import->replacement)) return -1;
    ++replaced;
  }
  return replaced;
}

}  // namespace

int replace_imports(const void* inside, std::span<const Import> imports) {
  static_assert(sizeof(Address) == 8, "the table of imports is read as that of a 64-bit machine");
  Search search{.inside = std::bit_cast<Address>(inside), .found = {}};
  dl_iterate_phdr(look_at, &search);
  const Library& library = search.found;
  if (library.dynamic == nullptr) return -1;
  const int calls =
      replace_in(library, entry(library, DT_JMPREL), entry(library, DT_PLTRELSZ), imports);
  const int others =
      replace_in(library, entry(library, DT_RELA), entry(library, DT_RELASZ), imports);
  return calls < 0 || others < 0 ? -1 : calls + others;
}

}  // namespace lastref
