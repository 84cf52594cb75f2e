import MetaDriver
import Testing

/// Every vector of `count` behaviours.
func vectors(_ count: Int, of behaviours: [Behaviour]) -> [[Behaviour]] {
  (0..<count).reduce([[]]) { shorter, _ in shorter.flatMap { vector in behaviours.map { vector + [$0] } } }
}

/// Every order of some elements.
func permutations<Element>(_ elements: [Element]) -> [[Element]] {
  guard !elements.isEmpty else { return [[]] }
  return elements.indices.flatMap { index in
    var rest = elements
    let first = rest.remove(at: index)
    return permutations(rest).map { [first] + $0 }
  }
}

/// Every subset of the children 0..<count.
func subsets(_ count: Int) -> [Set<Int>] {
  (0..<1 << count).map { bits in Set((0..<count).filter { bits & 1 << $0 != 0 }) }
}

/// What became of a child, or of a call, in a form that can be compared.
enum Seen: Hashable, CustomStringConvertible {
  case stored, deleted, alreadyAbsent, pending, skipped, found, absent
  case failed(DriverError.Code)
  case unknown(DriverError.Code)
  case other(String)

  init(_ result: Outcome.Result) {
    switch result {
    case .stored: self = .stored
    case .deleted: self = .deleted
    case .alreadyAbsent: self = .alreadyAbsent
    case .pending: self = .pending
    case .skipped: self = .skipped
    case .found: self = .found
    case .absent: self = .absent
    case .failed(let error): self = .failed(error.code)
    case .unknown(let error): self = .unknown(error.code)
    default: self = .other("\(result)")
    }
  }

  var isAcknowledged: Bool { self == .stored || self == .deleted || self == .alreadyAbsent }

  var description: String {
    switch self {
    case .stored: "stored"
    case .deleted: "deleted"
    case .alreadyAbsent: "already absent"
    case .pending: "pending"
    case .skipped: "skipped"
    case .found: "found"
    case .absent: "absent"
    case .failed(let code): "failed(\(code))"
    case .unknown(let code): "unknown(\(code))"
    case .other(let text): text
    }
  }
}

/// Collects where a model and the package differ: an expectation for each of a hundred thousand vectors takes longer than
/// the vectors do.
struct Mismatches {
  private var first: [String] = []
  private var count = 0
  private var checked = 0

  /// Compares; `situation` is the vector and whatever else tells where it was.
  mutating func check<Value: Equatable>(
    _ seen: Value, is expected: Value, _ what: String, _ situation: @autoclosure () -> String
  ) {
    checked += 1
    guard seen != expected else { return }
    count += 1
    if first.count < 8 { first.append("\(situation()): \(what): expected \(expected), seen \(seen)") }
  }

  /// Fails the test if anything differed, and if nothing was compared.
  func report(_ policy: some CustomStringConvertible, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(checked > 0, "nothing was compared", sourceLocation: sourceLocation)
    #expect(
      count == 0, "\(policy): \(count) of \(checked) differ\n\(first.joined(separator: "\n"))",
      sourceLocation: sourceLocation)
  }
}

/// The datum that the vectors are about.
let vectorKey = Key.mutable("vector")

/// What each child holds at first: five versions, none of them in the order of the children.
let copies: [Record] = [3, 1, 5, 2, 4].map { version in
  Record([UInt8(version), 0xaa], stamp: Stamp(time: UInt64(1_600_000_000_000 + version) << 16, writer: 9))
}
