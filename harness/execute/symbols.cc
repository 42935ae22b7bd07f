#include "harness/execute/symbols.h"

#include <cxxabi.h>
#include <dlfcn.h>
#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace lastref {
namespace {

struct Place {
  Dl_info info{};
  const ElfW(Sym) * symbol = nullptr;
  bool found = false;
};

Place look_up(std::uintptr_t address) {
  Place place;
  void* symbol = nullptr;
  // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of code, which only the loader looks at
  const auto* const code = reinterpret_cast<const void*>(address);
  place.found = dladdr1(code, &place.info, &symbol, RTLD_DL_SYMENT) != 0;
  place.symbol = static_cast<const ElfW(Sym)*>(symbol);
  return place;
}

// The harness is the program itself; what it calls lies in libraries and adapters.
const void* own_base() {
  static const void* const base =
      look_up(reinterpret_cast<std::uintptr_t>(&own_base)).info.dli_fbase;
  return base;
}

std::string demangled(const char* name) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> text(
      abi::__cxa_demangle(name, nullptr, nullptr, &status), &std::free);
  return text == nullptr ? name : text.get();
}

std::string frame_text(std::uintptr_t address, const Place& place) {
  if (!place.found) return fmt::format("{:#x}", address);
  const std::string_view path = place.info.dli_fname;
  const std::string_view file = path.substr(path.find_last_of('/') + 1);
  if (place.symbol != nullptr && place.info.dli_sname != nullptr) {
    const std::uintptr_t offset = address - reinterpret_cast<std::uintptr_t>(place.info.dli_saddr);
    // Behind the function's end lies another one, whose name is not exported.
    if (offset < place.symbol->st_size) {
      return fmt::format("{}+{:#x} ({})", demangled(place.info.dli_sname), offset, file);
    }
  }
  return fmt::format("{}+{:#x}", file,
                     address - reinterpret_cast<std::uintptr_t>(place.info.dli_fbase));
}

}  // namespace

std::vector<std::string> symbolised(const CallStack& stack) {
  std::vector<std::string> text;
  for (const std::uintptr_t address : stack.frames) {
    if (address == 0) break;
    const Place place = look_up(address);
    if (place.found && place.info.dli_fbase == own_base()) {
      if (text.empty()) continue;
      break;
    }
    text.push_back(frame_text(address, place));
  }
  return text;
}

}  // namespace lastref
