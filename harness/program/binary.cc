// A header of three bytes, and what the third says:
//   teardown + 24 * misuse    24 teardowns; a misuse that does not exist is none, so that most
//                             random headers make a program without one
//   the operation misused     modulo their count
//   contract marks            0xb0 and above: so many more than 0xb0 follow, five bytes each (the
//                             switch, and its value with the low byte first); else none. Behind
//                             0xff and its marks there is another such byte
//
// An operation, two to eight bytes but for `bytes`:
//   number, + 0x80 when a thread follows; the thread, + 0xc0 when a fault follows, + 0x10 times the
//   kind of the fault; the fault, low byte first; the result's handle, of an operation that has
//   one; the operands, one byte each; for `bytes` how many, low byte first, and the bytes; none
//   where there are not so many
// Bodies carry no mark: the operation after a `do` is its body. Numbers, unlike places in the
// table, never change, so old corpora keep their meaning when the table grows.
#include "harness/program/binary.h"

#include <array>

namespace lastref {
namespace {

constexpr int kTeardowns = 4 * kTeardownOrders;
constexpr std::uint8_t kMarksFollow = 0xb0;
// Behind as many as a byte can count there is another byte of the kind.
constexpr int kMostMarks = 0xff - kMarksFollow;
constexpr std::uint8_t kThreadFollows = 0x80;
constexpr std::uint8_t kFaultFollows = 0xc0;  // both bits: one in four of random bytes
constexpr unsigned kKindShift = 4;
static_assert(kFaultKinds == 4 && kMaxThreads <= 1 << kKindShift);

// Bytes from the front; beyond the end it yields zeros and remembers it.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  std::uint8_t next() {
    if (at_ != end_) return *at_++;
    overrun_ = true;
    return 0;
  }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  bool at_end() const { return at_ == end_; }
  bool overrun() const { return overrun_; }

 private:
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool overrun_ = false;
};

// Bytes one after the other; those beyond the end are counted only.
class Writer {
 public:
  explicit Writer(std::span<std::uint8_t> out) : out_(out) {}

  void put(std::uint8_t byte) {
    if (size_ < out_.size()) out_[size_] = byte;
    ++size_;
  }
  void change(std::size_t place, std::uint8_t byte) {
    if (place < out_.size()) out_[place] = byte;
  }
  std::size_t size() const { return size_; }
  bool fits() const { return size_ <= out_.size(); }

 private:
  std::span<std::uint8_t> out_;
  std::size_t size_ = 0;
};

// What a row of the operation table says of the bytes of its operation. An engine decodes a program
// twice for each that it runs.
struct Layout {
  Op code = Op::SESSION_NEW;  // the operation that the number stands for
  bool has_result = false;
  std::uint8_t result_range = 1;
  std::uint8_t operands = 0;
  std::array<std::uint8_t, kMaxOperands> ranges{};
  std::array<OperandKind, kMaxOperands> kinds{};
};
using Layouts = std::array<Layout, kOperationLimit>;

Layout layout_of(std::size_t number) {
  Layout layout;
  layout.code = static_cast<Op>(number);
  const auto table = operation_table();
  if (!is_operation(layout.code)) layout.code = table[number % table.size()].code;
  const OperationRow& of = row(layout.code);
  layout.has_result = of.result != Result::NONE;
  layout.result_range = static_cast<std::uint8_t>(result_range(of.result));
  layout.operands = static_cast<std::uint8_t>(of.operands.size());
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    layout.kinds[i] = operand_kind(of, i);
    layout.ranges[i] = static_cast<std::uint8_t>(operand_range(layout.kinds[i]));
  }
  return layout;
}

// By the number in the byte that an operation begins with.
const Layouts& layouts() {
  static const Layouts made = [] {
    Layouts all;
    for (std::size_t number = 0; number < all.size(); ++number) all[number] = layout_of(number);
    return all;
  }();
  return made;
}

// Most bytes were written by us and are in range: a division costs as much as the rest of a byte.
std::uint8_t wrapped(std::uint8_t byte, std::uint8_t range) {
  return byte < range ? byte : static_cast<std::uint8_t>(byte % range);
}

// `in_body` decides what there is to choose from: `arg` only there, `do` only elsewhere.
std::uint8_t wrapped_operand(std::uint8_t byte, OperandKind kind, std::uint8_t range,
                             bool in_body) {
  const std::uint8_t value = wrapped(byte, range);
  const bool is_session = kind == OperandKind::kSession || kind == OperandKind::kSessionOrNull;
  if (is_session && value == kArgumentHandle && !in_body) return byte % kMaxHandles;
  return in_body ? without_body(kind, value) : value;
}

// The thread, and the fault of an operation that can have one.
void read_marks_of(Operation& operation, Reader& reader) {
  const std::uint8_t thread = reader.next();
  operation.thread = thread % kMaxThreads;
  if ((thread & kFaultFollows) != kFaultFollows) return;
  const std::uint8_t low = reader.next();
  const std::uint8_t high = reader.next();
  const auto kind = static_cast<FaultKind>((thread >> kKindShift) % kFaultKinds);
  const Fault fault = Fault::of_bits(kind, static_cast<std::uint16_t>(low | high << 8));
  if (may_have(operation.code, fault)) operation.fault = fault;
}

Operation read_operation(const Layouts& all, Reader& reader, bool is_body) {
  Operation operation;
  const std::uint8_t first = reader.next();
  const Layout& layout = all[first & 0x7f];
  operation.code = layout.code;
  operation.is_body = is_body ? 1 : 0;
  if ((first & kThreadFollows) != 0 && !is_body) read_marks_of(operation, reader);
  if (layout.has_result) operation.result = wrapped(reader.next(), layout.result_range);
  for (std::size_t i = 0; i < layout.operands; ++i) {
    operation.operand[i] =
        wrapped_operand(reader.next(), layout.kinds[i], layout.ranges[i], is_body);
  }
  return operation;
}

// The bytes of an operation that brings some along.
void read_given(Reader& reader, Program& program) {
  const std::size_t low = reader.next();
  const std::size_t high = reader.next();
  const std::size_t size = (low | high << 8) % (kMaxGivenBytes + 1);
  if (size > reader.left()) return;
  program.given_size = static_cast<std::uint16_t>(size);
  for (std::size_t i = 0; i < size; ++i) program.given[i] = reader.next();
}

void read_operations(Reader& reader, Program& program) {
  const Layouts& all = layouts();
  int births = 0;
  bool body_due = false;
  bool given = false;
  while (!reader.at_end() && program.size < kMaxOperations) {
    const Operation operation = read_operation(all, reader, body_due);
    if (operation.code == Op::BLOB_GIVE) {
      // One for each program: the bytes of a second are the next operations.
      if (given) continue;
      read_given(reader, program);
      given = true;
    }
    if (reader.overrun()) break;
    if (may_bear(operation.code) && ++births > kMaxSessions) continue;
    if (has_body(operation) && program.size == kMaxOperations - 1) continue;
    program.append(operation);
    body_due = has_body(operation);
  }
  if (body_due) program.operations[--program.size] = Operation{};
}

void read_mark(Reader& reader, Program& program) {
  const auto of = static_cast<Switch>(reader.next() % kSwitchCount);
  std::uint32_t value = 0;
  for (unsigned shift = 0; shift < 32; shift += 8) {
    value |= static_cast<std::uint32_t>(reader.next()) << shift;
  }
  if (reader.overrun()) return;
  if (const int count = value_count(of); count > 0) value %= static_cast<std::uint32_t>(count);
  program.contract.set(of, static_cast<std::int32_t>(value));
}

void read_marks(Reader& reader, Program& program) {
  int count = kMostMarks;
  while (count == kMostMarks && !reader.overrun()) {
    const std::uint8_t marks = reader.next();
    count = marks < kMarksFollow ? 0 : marks - kMarksFollow;
    for (int left = count; left > 0 && !reader.overrun(); --left) read_mark(reader, program);
  }
}

void write_marks(const ContractMarks& marks, Writer& writer) {
  std::size_t head = writer.size();
  std::uint8_t count = 0;
  writer.put(0);
  if (marks.empty()) return;
  for (const SwitchRow& row : switch_table()) {
    if (!marks.has(row.id)) continue;
    ++count;
    writer.change(head, static_cast<std::uint8_t>(kMarksFollow + count));
    writer.put(static_cast<std::uint8_t>(row.id));
    for (unsigned shift = 0; shift < 32; shift += 8) {
      writer.put(
          static_cast<std::uint8_t>(static_cast<std::uint32_t>(marks.value(row.id)) >> shift));
    }
    if (count != kMostMarks) continue;
    head = writer.size();
    count = 0;
    writer.put(0);
  }
}

void write_operation(const Operation& operation, const Program& program, Writer& writer) {
  const OperationRow& of = row(operation.code);
  const auto number = static_cast<std::uint8_t>(operation.code);
  const bool fault = operation.fault.any();
  const bool marked = operation.thread != 0 || fault;
  writer.put(marked ? number | kThreadFollows : number);
  const auto kind = static_cast<unsigned>(operation.fault.kind()) << kKindShift;
  const unsigned follows = fault ? kFaultFollows | kind : 0;
  if (marked) writer.put(static_cast<std::uint8_t>(operation.thread | follows));
  if (fault) {
    writer.put(static_cast<std::uint8_t>(operation.fault.bits()));
    writer.put(static_cast<std::uint8_t>(operation.fault.bits() >> 8));
  }
  if (of.result != Result::NONE) writer.put(operation.result);
  for (std::size_t i = 0; i < of.operands.size(); ++i) writer.put(operation.operand[i]);
  if (operation.code != Op::BLOB_GIVE) return;
  writer.put(static_cast<std::uint8_t>(program.given_size));
  writer.put(static_cast<std::uint8_t>(program.given_size >> 8));
  for (const std::uint8_t byte : program.given_bytes()) writer.put(byte);
}

// No less than a program's encoding has.
std::size_t most_bytes(const Program& program) {
  constexpr std::size_t kMarks = 6 * static_cast<std::size_t>(kSwitchCount);
  constexpr std::size_t kOperation = 8;
  return 3 + (program.contract.empty() ? 0 : kMarks) + kOperation * program.size + 2 +
         program.given_size;
}

}  // namespace

Written encode_program(const Program& program, std::span<std::uint8_t> out) {
  Writer writer(out);
  const Teardown end = program.teardown;
  const int teardown = end.order + kTeardownOrders * (end.falling + 2 * end.unflushed);
  writer.put(static_cast<std::uint8_t>(teardown + kTeardowns * static_cast<int>(program.misuse)));
  writer.put(program.misuse_at);
  write_marks(program.contract, writer);
  if (!writer.fits()) return {};
  for (std::size_t i = 0; i < program.size; ++i) {
    const std::size_t before = writer.size();
    write_operation(program.operations[i], program, writer);
    if (has_body(program.operations[i]) && i + 1 < program.size) {
      write_operation(program.operations[++i], program, writer);
    }
    if (!writer.fits()) return {before, false};
  }
  return {writer.size(), true};
}

std::vector<std::uint8_t> encode_program(const Program& program) {
  std::vector<std::uint8_t> bytes(most_bytes(program));
  bytes.resize(encode_program(program, bytes).bytes);
  return bytes;
}

void decode_program(std::span<const std::uint8_t> bytes, Program& program) {
  program.restart();
  Reader reader(bytes);
  const int marks = reader.next();
  const std::uint8_t misuse_at = reader.next();
  program.teardown.order = static_cast<std::uint8_t>(marks % kTeardownOrders);
  program.teardown.falling = static_cast<std::uint8_t>(marks / kTeardownOrders % 2);
  program.teardown.unflushed = static_cast<std::uint8_t>(marks / kTeardownOrders / 2 % 2);
  read_marks(reader, program);
  if (!reader.overrun()) read_operations(reader, program);
  if (const int misuse = marks / kTeardowns;
      misuse < kMisuseCount && misuse != 0 && program.size > 0) {
    program.misuse = static_cast<Misuse>(misuse);
    program.misuse_at = misuse_at % program.size;
  }
}

Program decode_program(std::span<const std::uint8_t> bytes) {
  Program program;
  decode_program(bytes, program);
  return program;
}

}  // namespace lastref
