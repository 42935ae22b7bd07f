#include "harness/report/sentence.h"

#include <fmt/format.h>

#include <csignal>
#include <cstring>

#include "harness/report/value_text.h"

namespace lastref {
namespace {

std::string subject_session(const Symptom& symptom) {
  return symptom.subject == kNoSubject ? "a session" : session_name(symptom.subject);
}

std::string subject_context(const Symptom& symptom) {
  return symptom.subject == kNoSubject ? "a context" : fmt::format("context c{}", symptom.subject);
}

std::string sessions(std::int64_t count) {
  return fmt::format("{} session{}", count, count == 1 ? "" : "s");
}

std::string unexpected_death(const Symptom& symptom, const TimelineStep* step) {
  std::string why;
  if (step != nullptr && symptom.subject != kNoSubject) {
    why = holders_sentence(step->after, symptom.subject);
  }
  if (why.empty() && symptom.expected > 0) {
    why = fmt::format("{} reference{} to it {} outstanding", symptom.expected,
                      symptom.expected == 1 ? "" : "s", symptom.expected == 1 ? "is" : "are");
  }
  if (why.empty()) return subject_session(symptom) + " was destroyed where nothing destroys it";
  return fmt::format("{} was destroyed although {}", subject_session(symptom), why);
}

std::string missing_death(const Symptom& symptom, const TimelineStep* step) {
  // Behind a broken rule nobody knows who should have given it back.
  if (step == nullptr || !step->judged) {
    return fmt::format("{} is left over when all is given back that can still be reached",
                       subject_session(symptom));
  }
  std::string last;
  if (step != nullptr && symptom.subject < step->before.born) {
    const std::string held = holders(step->before, symptom.subject);
    if (held != "nobody") last = fmt::format(" (held before: {})", held);
  }
  return fmt::format("{} was not destroyed although its last reference was given back{}",
                     subject_session(symptom), last);
}

// The callback that the contract wants for the session in this step.
std::string expected_callback(const Symptom& symptom, const TimelineStep* step) {
  if (step == nullptr) return "a callback";
  for (const Event& event : step->expected.events.view()) {
    if (event.session != symptom.subject) continue;
    if (event.kind == EventKind::kRemoveCallback || event.kind == EventKind::kNewCallback ||
        event.kind == EventKind::kGetCallback) {
      return callback_name(event);
    }
  }
  return "a callback";
}

std::string content(const Symptom& symptom, std::string_view field, const std::string& found,
                    const std::string& expected) {
  return fmt::format("the {} of {} is {} instead of {}", field, subject_session(symptom), found,
                     expected);
}

std::string byte_content(const Symptom& symptom, std::string_view field, OperandKind kind) {
  return content(symptom, field, bytes_text(kind, symptom.found),
                 bytes_text(kind, symptom.expected));
}

std::string number_content(const Symptom& symptom, std::string_view field, OperandKind kind) {
  return content(symptom, field, number_text(kind, symptom.found),
                 number_text(kind, symptom.expected));
}

std::string resumable_content(const Symptom& symptom) {
  return fmt::format("{} says that it is {}resumable; it must say that it is {}resumable",
                     subject_session(symptom), symptom.found != 0 ? "" : "not ",
                     symptom.expected != 0 ? "" : "not ");
}

std::string signal_sentence(const Symptom& symptom) {
  const auto number = static_cast<int>(symptom.found);
  const char* word = sigabbrev_np(number);
  const char* description = sigdescr_np(number);
  if (word == nullptr || description == nullptr) {
    return fmt::format("the library ended the process by signal {}", number);
  }
  return fmt::format("the library ended the process by signal {} (SIG{}: {})", number, word,
                     description);
}

std::string misuse_run(const Symptom& symptom) {
  if (symptom.verdict == Verdict::kNone) return "the program reached its end without a sign of it";
  return std::string(meaning(symptom.verdict));
}

std::string double_release(const Symptom& symptom) {
  if (symptom.subject == kNoSubject) return "the library released a block of memory a second time";
  return fmt::format("the library released the memory of {} a second time",
                     session_name(symptom.subject));
}

std::string subject_block(const Symptom& symptom) {
  return symptom.subject == kNoSubject ? "a block of memory"
                                       : "the block of " + session_name(symptom.subject);
}

}  // namespace

std::string sentence(const Symptom& symptom, const TimelineStep* step) {
  switch (symptom.what) {
    case Discrepancy::kNone:
      return std::string(meaning(symptom.verdict));
    case Discrepancy::kUnexpectedDeath:
      return unexpected_death(symptom, step);
    case Discrepancy::kMissingDeath:
      return missing_death(symptom, step);
    case Discrepancy::kUnexpectedBirth:
      return fmt::format("{} was born although the call makes none", subject_session(symptom));
    case Discrepancy::kMissingBirth:
      return fmt::format("{} was not born although the call makes it", subject_session(symptom));
    case Discrepancy::kMissingCallback:
      return fmt::format("{} did not run for {}", expected_callback(symptom, step),
                         subject_session(symptom));
    case Discrepancy::kUnexpectedCallback:
      return fmt::format("a callback ran for {} although none must run", subject_session(symptom));
    case Discrepancy::kCallbackSession:
      return fmt::format(
          "a callback was given {} instead of {}",
          symptom.found < 0 ? "an unknown session" : session_name(static_cast<int>(symptom.found)),
          subject_session(symptom));
    case Discrepancy::kEventOrder:
      return "births, deaths and callbacks came in another order than the contract says";
    case Discrepancy::kNestedResult:
      return fmt::format("the operation inside the callback returned {} instead of {}",
                         symptom.found, symptom.expected);
    case Discrepancy::kResult:
    case Discrepancy::kContentResult:
    case Discrepancy::kStatisticResult:
      return fmt::format("it returned {} instead of {}", result_text(symptom.code, symptom.found),
                         result_text(symptom.code, symptom.expected));
    case Discrepancy::kId:
      return byte_content(symptom, "id", OperandKind::kId);
    case Discrepancy::kIdContext:
      return byte_content(symptom, "id context", OperandKind::kIdContext);
    case Discrepancy::kTime:
      return number_content(symptom, "time", OperandKind::kTime);
    case Discrepancy::kTimeout:
      return number_content(symptom, "timeout", OperandKind::kTimeout);
    case Discrepancy::kResumable:
      return resumable_content(symptom);
    case Discrepancy::kVersion:
      return number_content(symptom, "protocol version", OperandKind::kVersion);
    case Discrepancy::kExData:
      return number_content(symptom, "ex_data", OperandKind::kExData);
    case Discrepancy::kHostname:
      return byte_content(symptom, "hostname", OperandKind::kHostname);
    case Discrepancy::kAlpn:
      return byte_content(symptom, "ALPN protocol", OperandKind::kAlpn);
    case Discrepancy::kHasTicket:
      return fmt::format("{} says that it has {} ticket; it must have {}", subject_session(symptom),
                         symptom.found != 0 ? "a" : "no", symptom.expected != 0 ? "one" : "none");
    case Discrepancy::kEncoding:
      return fmt::format("the encoding of {} differs from what its contents encode to",
                         subject_session(symptom));
    case Discrepancy::kCacheNumber:
      return fmt::format("{} counts {} in its cache instead of {}", subject_context(symptom),
                         sessions(symptom.found), symptom.expected);
    case Discrepancy::kCacheFull:
      return fmt::format("{} says that its cache was full {} times instead of {}",
                         subject_context(symptom), symptom.found, symptom.expected);
    case Discrepancy::kDanglingNumber:
      return fmt::format(
          "the cache of {} counts {} where {} can be in it: it links a destroyed one",
          subject_text(symptom).empty() ? "a context" : subject_text(symptom),
          sessions(symptom.found), symptom.expected);
    case Discrepancy::kDoubleRelease:
      return double_release(symptom);
    case Discrepancy::kForeignRelease:
      return "the library released a pointer that it never got from the allocator";
    case Discrepancy::kInteriorRelease:
      return fmt::format("the library released a pointer to byte {} of {}", symptom.found,
                         subject_block(symptom));
    case Discrepancy::kOverrun:
      return fmt::format("byte {} of {} was accessed, which is beyond its bounds", symptom.found,
                         subject_block(symptom));
    case Discrepancy::kPoisonOverwritten:
      return fmt::format("{} was written to after its {}, at byte {} of its block",
                         symptom.subject == kNoSubject ? "a block" : subject_session(symptom),
                         symptom.subject == kNoSubject ? "release" : "destruction", symptom.found);
    case Discrepancy::kReadAfterRelease:
      return fmt::format("{} was read after its {}, at byte {} of its block",
                         symptom.subject == kNoSubject ? "a block" : subject_session(symptom),
                         symptom.subject == kNoSubject ? "release" : "destruction", symptom.found);
    case Discrepancy::kBlocks:
      return fmt::format("{} blocks of memory are left over instead of {}", symptom.found,
                         symptom.expected);
    case Discrepancy::kObservers:
      return fmt::format("the allocator saw {} births or deaths of sessions, ex_data {}",
                         symptom.expected, symptom.found);
    case Discrepancy::kSignal:
      return signal_sentence(symptom);
    case Discrepancy::kTimeUsedUp:
      return fmt::format("it did not end within {} ms of processor time", symptom.found);
    case Discrepancy::kAsleep:
      return "it sleeps without end: it waits for what nobody will give, such as a lock it holds";
    case Discrepancy::kMemoryUsedUp:
      return fmt::format("it had {} bytes allocated, beyond the bound", symptom.found);
    case Discrepancy::kInputEnd:
      return fmt::format("it left its input pointer at byte {}, where the input has {}",
                         symptom.found, symptom.expected);
    case Discrepancy::kInputChanged:
      return fmt::format("byte {} of its input was written to", symptom.found);
    case Discrepancy::kInputOverrun:
      return fmt::format("byte {} of its input was read, which has {}", symptom.found,
                         symptom.expected);
    case Discrepancy::kMisuseRun:
      return misuse_run(symptom);
  }
  return std::string(meaning(symptom.verdict));
}

std::string place(const Symptom& symptom, int program_size) {
  return fmt::format("operation {}{}", symptom.operation + 1,
                     symptom.operation < program_size ? "" : ", in the teardown");
}

std::string subject_text(const Symptom& symptom) {
  if (symptom.subject == kNoSubject) return {};
  switch (symptom.what) {
    case Discrepancy::kCacheNumber:
    case Discrepancy::kCacheFull:
    case Discrepancy::kDanglingNumber:
      return fmt::format("c{}", symptom.subject);
    default:
      return session_name(symptom.subject);
  }
}

}  // namespace lastref
