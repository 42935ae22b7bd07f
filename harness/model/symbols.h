// Symbols: what a library chose and the model does not know yet.
//
// An id, a ticket or a key that a handshake makes is random. The model writes a symbol in its
// place, a number that no fingerprint has (those are odd, see harness/program/values.h). Two fields
// that must hold the same bytes hold the same symbol. Whoever sees the target replaces each symbol
// by the fingerprint that the first field shows; a program that is only judged keeps them.
#ifndef LASTREF_HARNESS_MODEL_SYMBOLS_H_
#define LASTREF_HARNESS_MODEL_SYMBOLS_H_

#include <cstdint>

#include "harness/model/state.h"

namespace lastref {

// A symbol that the state does not have yet.
inline std::uint32_t new_symbol(State& state) { return 2 * ++state.symbols; }

inline constexpr bool is_symbol(std::uint32_t value) { return value != 0 && (value & 1U) == 0; }

// Replaces a symbol by what it stands for, everywhere in the state.
void resolve(State& state, std::uint32_t symbol, std::uint32_t fingerprint);

}  // namespace lastref

#endif  // LASTREF_HARNESS_MODEL_SYMBOLS_H_
