// The rules of a legal program, each as a sentence, and the question which one an operation would
// break. Written from the manual pages named beside them; knows nothing of how programs are made.
#ifndef LASTREF_HARNESS_GENERATE_RULES_RULES_H_
#define LASTREF_HARNESS_GENERATE_RULES_RULES_H_

#include <string_view>

#include "harness/generate/rules/world.h"
#include "harness/program/operation.h"

namespace lastref::rules {

// The application may have this many references to one session, with all other holders', so that no
// library's counter comes near an overflow.
inline constexpr int kMaxReferences = 200;

// Operands. SSL_SESSION_free(3): "dangling pointers".
inline constexpr std::string_view kSessionIsNull = "a session operand is a session, not NULL";
inline constexpr std::string_view kSessionIsDead = "a session operand is alive";
inline constexpr std::string_view kContextNotHeld =
    "a context operand is one that the application has a reference to";
inline constexpr std::string_view kConnectionIsDead = "a connection operand is alive";
inline constexpr std::string_view kBlobNotWritten = "a blob is written before it is used";
inline constexpr std::string_view kContextSlotTaken =
    "a context is made in a place whose last one is dead";
inline constexpr std::string_view kConnectionSlotTaken =
    "a connection is made in a place whose last one is freed";
// SSL_SESSION_free(3): "must only be called for SSL_SESSION objects, for which the reference count
// was explicitly incremented".
inline constexpr std::string_view kNothingToFree =
    "free gives back a reference that the application has";
inline constexpr std::string_view kNameLost =
    "a session that the application has a reference to keeps a handle that points to it";
inline constexpr std::string_view kTooManyReferences = "a session has at most 200 references";
inline constexpr std::string_view kTooManySessions = "a program brings at most 24 sessions to life";
inline constexpr std::string_view kHeldAtTheEnd =
    "after the teardown the application has no reference";
// SSL_set_session(3): "One SSL_SESSION object [...] must therefore only be used with one SSL_CTX
// object (and the SSL objects created from this SSL_CTX object)".
inline constexpr std::string_view kAddedToAnother =
    "a session is added to one context only, and removed from that one only";
inline constexpr std::string_view kHeldByAnothersConnection =
    "a session is not added to a context while a connection made from another one holds it";
inline constexpr std::string_view kSetOnAnothersConnection =
    "a session that was added to a context is set on connections made from that context only";
inline constexpr std::string_view kFreedFromInside =
    "a context is not freed for good while one of its functions runs";
// d2i_X509(3): "reuse is only supported when *a points to a newly allocated, and not otherwise
// modified, TYPE object".
inline constexpr std::string_view kNotFresh =
    "d2i_into is given a session as SSL_SESSION_new left it";
// Bodies of remove callbacks. SSL_CTX_sess_set_get_cb(3) neither allows nor forbids more.
inline constexpr std::string_view kNotInBody = "a remove callback does what is harmless there";
inline constexpr std::string_view kSetInCacheInBody =
    "a remove callback sets nothing of a session that a cache links";
inline constexpr std::string_view kUnknownInBody =
    "a remove callback gets nothing that damaged bytes left unknown";
inline constexpr std::string_view kDamageInBody = "a remove callback decodes no damaged bytes";
inline constexpr std::string_view kActsInHandshake =
    "what callbacks of handshakes do beside answering is not judged";
inline constexpr std::string_view kCallbackForEver =
    "a remove callback does not keep the operation that calls it from ending";
// BoringSSL, openssl/ssl.h: a session is "immutable".
inline constexpr std::string_view kFixedKey =
    "the id and version of a session that a cache links stay (contract cached-key)";
// mbedtls/ssl_cache.h: the copy that is looked up is the cache's.
inline constexpr std::string_view kNoEntries =
    "a cache that holds no entries is not asked for one (contract cache-adds)";
inline constexpr std::string_view kEntriesStay =
    "entries are neither removed from a cache nor flushed (contract cache-adds)";
inline constexpr std::string_view kNothingToCopy =
    "a connection that shows its session is not asked for a copy (contract set-session)";
inline constexpr std::string_view kTooManyEntries = "a cache holds at most 12 entries";
// Hazards.
inline constexpr std::string_view kRekeyed =
    "the id and version of a session that a cache links stay (hazard rekey-cached)";
inline constexpr std::string_view kEmptyId =
    "a session with an empty id is neither added nor removed (hazard empty-id-cached)";
inline constexpr std::string_view kAddedWithCallback =
    "no session is added to a context that has a remove callback (hazard ex-data-in-table)";
inline constexpr std::string_view kWithheld1 = "see docs/disclosure.md (hazard withheld-1)";
inline constexpr std::string_view kBeginsWithCached =
    "no session is added whose id begins with that of an entry (hazard prefix-id)";
inline constexpr std::string_view kDecodedInto =
    "nothing is decoded into a session that is there (hazard d2i-into-leaks)";
inline constexpr std::string_view kBeforeEpoch =
    "a session gets no time before 1970 (hazard time-before-epoch)";

inline constexpr std::string_view kAllocatingEncode =
    "i2d is not asked to allocate (hazard i2d-allocate)";
inline constexpr std::string_view kInTwoCaches =
    "a session is linked by one cache at a time (hazard two-caches)";

// Handshakes. SSL_do_handshake(3), SSL_shutdown(3), SSL_set_session(3).
inline constexpr std::string_view kOneEnd = "a handshake has two ends";
inline constexpr std::string_view kNotReady =
    "a connection that shakes hands, or is switched, is new or was cleared";
inline constexpr std::string_view kNotEstablished =
    "a connection is shut down once, after its handshake";
inline constexpr std::string_view kSetLate =
    "a connection gets no session when its handshake has begun (contract set-session-late)";
inline constexpr std::string_view kShutAfterSet =
    "a connection that got a session when its handshake had begun is cleared or freed";
inline constexpr std::string_view kOnlyCached =
    "a session that only a cache holds is not set where that makes one leave the cache";
inline constexpr std::string_view kAskedInHandshake =
    "a connection is not asked for its session in its handshake (contract session-in-handshake)";
inline constexpr std::string_view kBodyInHandshake =
    "no remove callback does anything in a handshake";
inline constexpr std::string_view kNamedContextGone =
    "a servername callback switches to a context that is alive";
inline constexpr std::string_view kHandsOverNothing =
    "a get callback hands over a reference that the application has";
// Of whoever says what a handshake came to.
inline constexpr std::string_view kImpossibleHandshake =
    "no handshake can have come to what is told of this one";

// Why judging stops with no rule broken.
inline constexpr std::string_view kUnknownId = "it depends on an id or version from damaged bytes";
inline constexpr std::string_view kUnknownTime = "it depends on a time from damaged bytes";
inline constexpr std::string_view kUnknownOrder =
    "a callback's body runs for several sessions in an order that nothing promises";
inline constexpr std::string_view kHandshakes = "what a handshake came to is not told";

// What stands against an operation: nothing, the rule that it breaks, or what keeps it from being
// judged.
struct Objection {
  std::string_view reason;  // empty: none
  bool undecided = false;
};

// What stands against performing a well-formed operation in this state.
Objection objection(const World& world, const Operation& operation);

}  // namespace lastref::rules

#endif  // LASTREF_HARNESS_GENERATE_RULES_RULES_H_
