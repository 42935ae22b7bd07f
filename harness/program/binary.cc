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

#include <optional>

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
  explicit Reader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  std::uint8_t next() {
    if (bytes_.empty()) {
      overrun_ = true;
      return 0;
    }
    const std::uint8_t byte = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return byte;
  }
  std::size_t left() const { return bytes_.size(); }
  bool at_end() const { return bytes_.empty(); }
  bool overrun() const { return overrun_; }

 private:
  std::span<const std::uint8_t> bytes_;
  bool overrun_ = false;
};

Op wrapped_code(std::uint8_t byte) {
  const std::uint8_t number = byte & 0x7f;
  if (is_operation(static_cast<Op>(number))) return static_cast<Op>(number);
  const auto table = operation_table();
  return table[number % table.size()].code;
}

// `in_body` decides what there is to choose from: `arg` only there, `do` only elsewhere.
std::uint8_t wrapped_operand(std::uint8_t byte, OperandKind kind, bool in_body) {
  const auto value = static_cast<std::uint8_t>(byte % operand_range(kind));
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

Operation read_operation(Reader& reader, bool is_body) {
  Operation operation;
  const std::uint8_t first = reader.next();
  operation.code = wrapped_code(first);
  operation.is_body = is_body ? 1 : 0;
  if ((first & kThreadFollows) != 0 && !is_body) read_marks_of(operation, reader);
  const OperationRow& of = row(operation.code);
  if (of.result != Result::NONE) {
    operation.result = static_cast<std::uint8_t>(reader.next() % result_range(of.result));
  }
  for (std::size_t i = 0; i < of.operands.size(); ++i) {
    operation.operand[i] = wrapped_operand(reader.next(), operand_kind(of, i), is_body);
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
  int births = 0;
  bool body_due = false;
  bool given = false;
  while (!reader.at_end() && program.size < kMaxOperations) {
    const Operation operation = read_operation(reader, body_due);
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

void write_marks(const ContractMarks& marks, std::vector<std::uint8_t>& bytes) {
  std::size_t head = bytes.size();
  bytes.push_back(0);
  for (const SwitchRow& row : switch_table()) {
    if (!marks.has(row.id)) continue;
    bytes[head] = bytes[head] == 0 ? kMarksFollow + 1 : bytes[head] + 1;
    bytes.push_back(static_cast<std::uint8_t>(row.id));
    for (unsigned shift = 0; shift < 32; shift += 8) {
      bytes.push_back(
          static_cast<std::uint8_t>(static_cast<std::uint32_t>(marks.value(row.id)) >> shift));
    }
    if (bytes[head] != kMarksFollow + kMostMarks) continue;
    head = bytes.size();
    bytes.push_back(0);
  }
}

}  // namespace

std::vector<std::uint8_t> encode_program(const Program& program) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(3 + 4 * std::size_t{program.size});
  const Teardown end = program.teardown;
  const int teardown = end.order + kTeardownOrders * (end.falling + 2 * end.unflushed);
  bytes.push_back(
      static_cast<std::uint8_t>(teardown + kTeardowns * static_cast<int>(program.misuse)));
  bytes.push_back(program.misuse_at);
  write_marks(program.contract, bytes);
  for (const Operation& operation : program.view()) {
    const OperationRow& of = row(operation.code);
    const auto number = static_cast<std::uint8_t>(operation.code);
    const bool fault = operation.fault.any();
    const bool marked = operation.thread != 0 || fault;
    bytes.push_back(marked ? number | kThreadFollows : number);
    const auto kind = static_cast<unsigned>(operation.fault.kind()) << kKindShift;
    const unsigned follows = fault ? kFaultFollows | kind : 0;
    if (marked) bytes.push_back(static_cast<std::uint8_t>(operation.thread | follows));
    if (fault) {
      bytes.push_back(static_cast<std::uint8_t>(operation.fault.bits()));
      bytes.push_back(static_cast<std::uint8_t>(operation.fault.bits() >> 8));
    }
    if (of.result != Result::NONE) bytes.push_back(operation.result);
    bytes.insert(bytes.end(), operation.operand.begin(),
                 operation.operand.begin() + static_cast<std::ptrdiff_t>(of.operands.size()));
    if (operation.code != Op::BLOB_GIVE) continue;
    bytes.push_back(static_cast<std::uint8_t>(program.given_size));
    bytes.push_back(static_cast<std::uint8_t>(program.given_size >> 8));
    const auto given = program.given_bytes();
    bytes.insert(bytes.end(), given.begin(), given.end());
  }
  return bytes;
}

Program decode_program(std::span<const std::uint8_t> bytes) {
  Reader reader(bytes);
  const int marks = reader.next();
  const std::uint8_t misuse_at = reader.next();
  Program program;
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
  return program;
}

}  // namespace lastref
