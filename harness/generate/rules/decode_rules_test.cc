#include "harness/generate/rules/judged.h"

namespace lastref::rules {
namespace {

const Contract kManual;

TEST(DecodeRules, ABlobIsWrittenFirst) {
  for (const std::string use :
       {"s1 = d2i b0", "s1 = d2i_fresh b0", "d2i_into s0 b0", "truncate b0 16", "change b0 3"}) {
    expect_legal("s0 = new\ns2 = new\nb0 = i2d s2\n" + use + "\n");
    expect_legal("s0 = new\ns2 = new\nb0 = i2d_allocate s2\n" + use + "\n");
    expect_broken(kBlobNotWritten, "s0 = new\nb1 = i2d s0\ni2d_length s0\n" + use + " #!\n");
  }
}

TEST(DecodeRules, AnUndamagedBlobDecodes) {
  for (const std::string decode : {"s1 = d2i b0", "s1 = d2i_fresh b0"}) {
    expect_legal("s0 = new\nb0 = i2d s0\n" + decode + "\nfree s0\nget_id s1\nfree s1\n");
  }
  expect_legal("s0 = new\nb0 = i2d s0\nd2i_into s0 b0\nget_id s0\n");
}

TEST(DecodeRules, ADamagedBlobFailsUnlessTheLibraryTakesIt) {
  for (const std::string damage : {"truncate b0 16\n", "change b0 3\n"}) {
    const std::string text = "s0 = new\nb0 = i2d s0\n" + damage + "s1 = d2i b0\ns2 = d2i b0\n";
    expect_broken(kSessionIsNull, text + "get_id s1 #!\n");
    expect_legal(text + "get_id s1\n", kManual, {true});
    expect_broken(kSessionIsNull, text + "get_id s2 #!\n", kManual, {true});
    expect_legal(text + "get_id s2\n", kManual, {false, true});
    // Writing the blob anew undoes the damage, and asks for no choice.
    expect_legal("s0 = new\nb0 = i2d s0\n" + damage + "b0 = i2d s0\ns1 = d2i b0\nget_id s1\n");
  }
}

TEST(DecodeRules, BytesThatAreBroughtAlongAreAsDamaged) {
  const std::string text = "b0 = bytes 3000\ns1 = d2i b0\n";
  expect_broken(kSessionIsNull, text + "get_id s1 #!\n");
  expect_legal(text + "get_id s1\n", kManual, {true});
  expect_broken(kSessionIsNull, text + "b1 = i2d s1\ns2 = d2i b1\nget_id s2 #!\n", kManual, {true});
}

TEST(DecodeRules, DamageIsPassedOn) {
  const std::string text = "s0 = new\nb0 = i2d s0\nchange b0 3\ns1 = d2i b0\n";
  expect_broken(kSessionIsNull, text + "b1 = i2d s1\ns2 = d2i b1\nget_id s2 #!\n", kManual, {true});
  expect_broken(kSessionIsNull, text + "s3 = dup s1\nb1 = i2d s3\ns2 = d2i b1\nget_id s2 #!\n",
                kManual, {true});
  expect_legal(text + "b1 = i2d s0\ns2 = d2i b1\nget_id s2\n", kManual, {true});
}

TEST(DecodeRules, OnlyAFreshSessionIsDecodedInto) {
  const std::string start = "c0 = ctx_new\nn0 = ssl_new c0\ns1 = new\nb0 = i2d s1\ns0 = new\n";
  const std::string decode = "d2i_into s0 b0";
  for (const std::string change :
       {"set_id s0 id_a", "set_time s0 1", "set_timeout s0 1", "set_hostname s0 host_a",
        "set_ex_data s0 1", "up_ref s0", "s2 = keep s0", "add c0 s0", "remove c0 s0",
        "set_session n0 s0", "d2i_into s0 b0", "set_id_context s0 sid_a",
        "set_master_key s0 key_16"}) {
    expect_broken(kNotFresh, joined(start, change, "\n", decode, " #!\n"));
  }
  for (const std::string harmless :
       {"get_id s0", "b1 = i2d s0", "s2 = dup s0", "set_id s0 id_long", "set_timeout s0 -1",
        "set_id_context s0 sid_long", "set_master_key s0 key_long"}) {
    expect_legal(joined(start, harmless, "\n", decode, "\n"));
  }
  expect_broken(kNotFresh, start + "set_timeout s0 -1\n" + decode + " #!\n",
                with({{"negative-timeout", "zero"}}));
  expect_legal(start + "set_master_key s0 key_49\n" + decode + "\n",
               with({{"master-key-limit", "48"}}));
  expect_broken(kNotFresh, start + "set_master_key s0 key_49\n" + decode + " #!\n");
  expect_broken(kNotFresh, start + "s2 = dup s0\nd2i_into s2 b0 #!\n");
  expect_broken(kNotFresh, start + "s2 = d2i b0\nd2i_into s2 b0 #!\n");
}

TEST(DecodeRules, AFailureTakesTheSessionThatWasGiven) {
  const std::string text = "s1 = new\nb0 = i2d s1\nchange b0 3\ns0 = new\nd2i_into s0 b0\n";
  expect_broken(kSessionIsNull, text + "get_id s0 #!\n");
  expect_legal(text + "free s0\ns0 = new\n");
  const Contract keeps = with(Hazard::D2I_REUSE_KEEPS);
  expect_legal(text + "get_id s0\nfree s0\n", keeps);
  expect_broken(kNotFresh, text + "d2i_into s0 b0 #!\n", keeps);
  expect_broken(kNameLost, text + "s0 = new #!\n", keeps);
}

TEST(DecodeRules, ARefillKeepsTheObjectAndAReplacementDoesNot) {
  const std::string text =
      "c0 = ctx_new\ns1 = new\nset_id s1 id_a\nb0 = i2d s1\nadd c0 s1\nfree s1\n"
      "s0 = new\nd2i_into s0 b0\n";
  for (const Contract& contract : {Contract(), with({{"d2i-into", "replaces"}})}) {
    expect_legal(text + "get_id s0\nfree s0\n", contract);
    // It has the id that was decoded.
    expect_broken(kSessionIsDead, text + "add c0 s0\nget_id s1 #!\n", contract);
  }
}

TEST(DecodeRules, ZeroTimesAreDefaultedOrKept) {
  const std::string text =
      "c0 = ctx_new\nset_cache_size c0 1\ns0 = new\nset_id s0 id_a\nset_time s0 0\n"
      "set_timeout s0 0\nb0 = i2d s0\ns1 = d2i b0\nadd c0 s1\nfree s1\nflush c0 1000000000\n";
  expect_legal(text + "get_id s1\n");
  expect_broken(kSessionIsDead, text + "get_id s1 #!\n", with({{"d2i-zero", "kept"}}));
}

TEST(DecodeRules, ADefaultedTimeoutIsThreeSeconds) {
  // s2 ends after one second.
  const std::string text =
      "c0 = ctx_new\ns0 = new\nset_id s0 id_a\nset_timeout s0 0\nb0 = i2d s0\ns1 = d2i b0\n"
      "add c0 s1\nfree s1\ns2 = new\nset_timeout s2 1\nadd c0 s2\nset_cache_size c0 2\n"
      "s3 = new\nset_id s3 id_b\nadd c0 s3\n";
  expect_legal(text + "get_id s1\n");
  expect_broken(kSessionIsDead, text + "get_id s1 #!\n", with({{"d2i-zero", "kept"}}));
}

// s1 comes out of damaged bytes; s2 and s3 do not.
const std::string kUnknown =
    "c0 = ctx_new\ns0 = new\nb0 = i2d s0\nchange b0 3\ns1 = d2i b0\n"
    "s2 = new\nset_id s2 id_a\ns3 = new\nset_id s3 id_b\n";

TEST(DecodeRules, WhatDependsOnAnUnknownIdIsUndecided) {
  expect_legal(kUnknown + "add c0 s1\nremove c0 s1\nadd c0 s2\n", kManual, {true});
  expect_undecided(kUnknownId, kUnknown + "add c0 s1\nadd c0 s2 #!\n", kManual, {true});
  expect_undecided(kUnknownId, kUnknown + "add c0 s2\nadd c0 s1 #!\n", kManual, {true});
  expect_undecided(kUnknownId, kUnknown + "add c0 s2\nremove c0 s1 #!\n", kManual, {true});
  expect_legal(kUnknown + "add c0 s2\nremove c0 s1\n", with({{"remove-matches", "object"}}),
               {true});
  expect_legal(kUnknown + "set_id s1 id_c\nadd c0 s1\nadd c0 s2\n", kManual, {true});
  expect_undecided(kUnknownId, kUnknown + "set_id s1 id_a\nadd c0 s1\nadd c0 s2 #!\n", kManual,
                   {true});
  expect_legal(kUnknown + "set_id s1 id_a\nadd c0 s1\nadd c0 s2\n", with({{"cache-key", "id"}}),
               {true});
  expect_undecided(kUnknownId, kUnknown + "set_version s1 tls1.2\nadd c0 s1\nadd c0 s2 #!\n",
                   kManual, {true});
  expect_undecided(kUnknownId, kUnknown + "add c0 s1 #!\n", with(Hazard::EMPTY_ID_CACHED), {true});
}

TEST(DecodeRules, WhatDependsOnAnUnknownTimeIsUndecided) {
  const std::string two = kUnknown + "set_id s1 id_c\nadd c0 s1\nadd c0 s2\n";
  expect_legal(two + "flush c0 0\n", kManual, {true});
  expect_undecided(kUnknownTime, two + "flush c0 1 #!\n", kManual, {true});
  expect_undecided(kUnknownTime, two + "on_remove c0 do get_id arg\nflush c0 0 #!\n", kManual,
                   {true});
  expect_undecided(kUnknownTime, two + "set_cache_size c0 2\nadd c0 s3 #!\n", kManual, {true});
  expect_legal(two + "set_cache_size c0 2\nadd c0 s3\n", with({{"eviction-order", "insertion"}}),
               {true});
  for (const std::string half : {"set_time s1 1\n", "set_timeout s1 1\n"}) {
    expect_undecided(kUnknownTime, two + half + "flush c0 1 #!\n", kManual, {true});
  }
  expect_legal(two + "set_time s1 1\nset_timeout s1 1\nset_cache_size c0 2\nadd c0 s3\n", kManual,
               {true});
  // Where one session is linked, it is the one that leaves.
  expect_legal(kUnknown + "set_id s1 id_c\nadd c0 s1\nset_cache_size c0 1\nadd c0 s2\n", kManual,
               {true});
}

TEST(DecodeRules, ABodyGetsNothingUnknown) {
  const std::string start =
      "c0 = ctx_new\ns0 = new\nb0 = i2d s0\nchange b0 3\ns1 = d2i b0\nadd c0 s0\n";
  for (const std::string get :
       {"get_ticket", "has_ticket", "get_appdata", "get_master_key", "is_resumable"}) {
    const std::string text = start + get + " s1\n";
    expect_broken(kUnknownInBody,
                  joined(text, "on_remove c0 do ", get, " s1 #!\nflush c0 0 #during\n"), kManual,
                  {true});
    expect_legal(joined(text, "on_remove c0 do ", get, " s0\nflush c0 0\n"), kManual, {true});
    expect_legal(joined(text, "set_ticket s1 ticket_none\nset_id s1 id_a\nset_appdata s1 data_a\n",
                        "set_master_key s1 key_16\non_remove c0 do ", get, " s1\nflush c0 0\n"),
                 kManual, {true});
  }
  for (const std::string known : {"set_id s1 id_a\n", "set_ticket s1 ticket_a\n"}) {
    expect_legal(start + known + "on_remove c0 do is_resumable s1\nflush c0 0\n", kManual, {true});
  }
  expect_legal(start + "on_remove c0 do get_id s1\nflush c0 0\n", kManual, {true});
}

}  // namespace
}  // namespace lastref::rules
