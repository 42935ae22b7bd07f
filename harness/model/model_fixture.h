// What the tests of the model share: programs as text, and what their last operation must show.
#ifndef LASTREF_HARNESS_MODEL_MODEL_FIXTURE_H_
#define LASTREF_HARNESS_MODEL_MODEL_FIXTURE_H_

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "harness/model/model.h"
#include "harness/program/trace.h"

namespace lastref {

// Steps a written program and tells what each operation must show.
class ModelTest : public ::testing::Test {
 protected:
  // Steps lines of the trace language; the last one's legality. Lines before it must be legal.
  Legality run(const std::string& lines) {
    const auto parsed = parse_trace("lastref 1\n" + lines);
    if (const auto* error = std::get_if<TraceError>(&parsed)) {
      ADD_FAILURE() << error->text("test");
      return Legality::kNoObject;
    }
    const auto& program = std::get<Program>(parsed);
    const Model model(contract_);
    Legality legality = Legality::kLegal;
    for (std::size_t i = 0; i < program.size; ++i) {
      EXPECT_EQ(legality, Legality::kLegal) << "before " << print_operation(program.operations[i]);
      const Operation& operation = program.operations[i];
      legality = model.step(state_, operation,
                            has_body(operation) ? program.operations[i + 1] : Operation{},
                            expected_, choice_);
      if (has_body(operation)) ++i;
    }
    return legality;
  }

  // The events of the last operation: "birth 0", "remove callback 1", "death 1".
  std::vector<std::string> events() const {
    std::vector<std::string> texts;
    for (const Event& event : expected_.events.view()) {
      texts.push_back(event.kind == EventKind::kNestedEnd
                          ? fmt::format("result {}", event.value)
                          : fmt::format("{} {}", name(event.kind), event.session));
    }
    return texts;
  }

  // A whole cache in one line, the next to be evicted last: "2 1".
  std::string cache(int number = 0) const {
    const ContextState& context = state_.contexts[static_cast<std::size_t>(number)];
    std::string text;
    for (std::size_t i = 0; i < context.count; ++i) {
      text += fmt::format("{}{}", i == 0 ? "" : " ", context.order[i]);
    }
    return text;
  }

  // "application 1 cache connections 2" of a session, for what is not zero.
  std::string holders(std::uint8_t number) const {
    const SessionState& session = state_.sessions[number];
    std::string text;
    if (session.application > 0) text += fmt::format("application {} ", session.application);
    if (session.cached()) text += session.caches == 3 ? "caches " : "cache ";
    if (session.connections > 0) text += fmt::format("connections {} ", session.connections);
    if (!text.empty()) text.pop_back();
    return text;
  }

  Contract contract_;
  State state_;
  Expectation expected_;
  int choice_ = 0;
};

}  // namespace lastref

#endif  // LASTREF_HARNESS_MODEL_MODEL_FIXTURE_H_
