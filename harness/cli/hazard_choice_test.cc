#include "harness/cli/hazard_choice.h"

#include <gtest/gtest.h>

#include "harness/cli/exit_code.h"

namespace lastref {
namespace {

Hazards only(Hazard hazard) {
  Hazards hazards;
  hazards.add(hazard);
  return hazards;
}

TEST(Hazards, KnownTakesThoseOfTheBaseline) {
  const HazardChoice choice = parse_hazards("known");
  EXPECT_EQ(choice.on(only(Hazard::REPLACE_SILENT)), only(Hazard::REPLACE_SILENT));
}

TEST(Hazards, NoneTakesNone) {
  EXPECT_TRUE(parse_hazards("none").on(only(Hazard::REPLACE_SILENT)).empty());
}

TEST(Hazards, NamesTakeTheirOwn) {
  const HazardChoice choice = parse_hazards("rekey-cached,empty-id-cached");
  Hazards wanted = only(Hazard::REKEY_CACHED);
  wanted.add(Hazard::EMPTY_ID_CACHED);
  EXPECT_EQ(choice.on(only(Hazard::REPLACE_SILENT)), wanted);
}

TEST(Hazards, KnownMayStandAmongNames) {
  const HazardChoice choice = parse_hazards("known,rekey-cached");
  Hazards wanted = only(Hazard::REKEY_CACHED);
  wanted.add(Hazard::REPLACE_SILENT);
  EXPECT_EQ(choice.on(only(Hazard::REPLACE_SILENT)), wanted);
}

TEST(Hazards, DashDropsOneOfThoseThatAreKnown) {
  const HazardChoice choice = parse_hazards("known,-rekey-cached");
  Hazards known = only(Hazard::REKEY_CACHED);
  known.add(Hazard::REPLACE_SILENT);
  EXPECT_EQ(choice.on(known), only(Hazard::REPLACE_SILENT));
}

TEST(Hazards, WrongNamesAreRefused) {
  for (const char* text : {"", ",", "known,", "none,known", "Known", "rekey_cached", "-known", "-",
                           "known,-rekey_cached"}) {
    EXPECT_THROW(parse_hazards(text), Failure) << text;
  }
}

}  // namespace
}  // namespace lastref
