// What the bodies of callbacks did to the application's references to sessions, in an operation of
// which nothing else is known.
#ifndef LASTREF_HARNESS_EXECUTE_BODY_REFERENCES_H_
#define LASTREF_HARNESS_EXECUTE_BODY_REFERENCES_H_

#include <array>
#include <cstdint>

#include "harness/model/renumbering.h"
#include "harness/program/operation.h"

namespace lastref {

class BodyReferences {
 public:
  void clear() { *this = BodyReferences{}; }

  // A body that ran, on that session if it names one, and returned a result in the model's terms.
  void add(const Operation& body, std::uint8_t named, std::int64_t result);
  // Behind a handshake.
  void renumber(const Renumbering& renumbering);

  // References taken less those given back.
  int taken(std::uint8_t session) const { return session < kMaxSessions ? taken_[session] : 0; }
  // Whether the variable was assigned by a body.
  bool assigned(std::uint8_t handle) const { return (handles_ >> handle & 1U) != 0; }
  // False when a body did something else: then nobody knows.
  bool followed() const { return followed_; }

 private:
  void take(std::uint8_t session, int references);

  std::array<std::int8_t, kMaxSessions> taken_{};
  std::uint32_t handles_ = 0;
  bool followed_ = true;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_EXECUTE_BODY_REFERENCES_H_
