// Bounds that every layer shares. Each is a named constant with its reason.
#ifndef LASTREF_HARNESS_VOCABULARY_LIMITS_H_
#define LASTREF_HARNESS_VOCABULARY_LIMITS_H_

#include <cstdint>

namespace lastref {

// Longest program, bodies of callbacks included. The random mix uses 24; the longest real bug needs
// 20. Programs are copied by value, so the bound keeps its operations below a kilobyte.
inline constexpr int kMaxOperations = 80;

// Sessions that one program may bring to life, in all. They are numbered by birth and a number is
// never used again, so that a dangling handle can be told from a fresh one.
inline constexpr int kMaxSessions = 24;

// Pointer variables of the application: s0..s7. Enough to hold four objects by two names each.
inline constexpr int kMaxHandles = 8;

// Two contexts show every bug that needs a second container; a third adds states and no bug.
inline constexpr int kMaxContexts = 2;

// Two connections share one session; a third shows nothing that two do not.
inline constexpr int kMaxConnections = 2;

inline constexpr int kMaxBlobs = 2;

// Sessions of a crowd (LASTREF_CROWD): more than any cache has room for without memory of its own.
inline constexpr int kCrowd = 70;

// Bytes that a program may bring along for a blob. A session with a certificate encodes to some 700
// on OpenSSL; twice of it has room for a field that is there twice.
inline constexpr int kMaxGivenBytes = 2048;

// Threads of a program. Programs have their place from the start; the engine that runs more than
// one comes with harness/interleave.
inline constexpr int kMaxThreads = 4;

// One random program in so many has the encodings of its shared sessions compared after every
// operation: that costs a microsecond a session, ten times what the other getters cost.
inline constexpr std::uint64_t kEncodingSample = 64;
// And in every program of so many, released sessions stand on guard pages. Such a program takes up
// to thirteen times as long, which at this number is two percent of all.
inline constexpr std::uint64_t kGuardSample = 512;

// Sessions that one handshake may bring to life for a time: OpenSSL makes seven for TLS 1.3 with
// tickets, nearly all of which it drops again. A program has room for so many before it shakes
// hands; those that are left are then numbered anew.
inline constexpr int kMaxHandshakeBirths = 10;

// Tickets that the handshakes of one program may issue, two for each of TLS 1.3.
inline constexpr int kMaxTickets = 16;

// Different sessions that one program may have in a table of the process: more than the random mix
// has operations that put one there.
inline constexpr int kMaxCopies = 24;
// Copies that one cache may hold: twice the ids that a program has to give.
inline constexpr int kMaxEntries = 12;

// Worker processes at a time: more than any machine that this will run on has processors.
inline constexpr int kMaxJobs = 256;

// Callbacks nest at most this deep: a body's own callbacks run with no body.
inline constexpr int kMaxNesting = 2;

// The virtual clock at the start of every program: a round number that cannot be mistaken for now.
inline constexpr std::int64_t kClockStart = 1'000'000'000;

}  // namespace lastref

#endif  // LASTREF_HARNESS_VOCABULARY_LIMITS_H_
