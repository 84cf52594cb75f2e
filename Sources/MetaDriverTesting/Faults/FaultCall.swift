import MetaDriver

/// One call to a store, named so that it is the same call in every run of one seed, whatever happens around it.
struct FaultCall: Hashable, Sendable {
  /// The name of the store.
  let leaf: String
  /// The client's operation that the call serves, if it is known: see ``StepHint``.
  let step: Int?
  /// What was asked.
  let operation: Event.Operation
  /// Which call it is, from 1, of those with the same leaf, step and operation.
  let number: Int
}

/// The number of the client's operation that a call serves, which a simulation hands down in the call's hints.
enum StepHint: HintKey { typealias Value = Int }

extension FaultCall: CustomStringConvertible {
  /// One line: `eu: put 2`, or `eu: put 2 of step 7`.
  var description: String { "\(leaf): \(operation) \(number)" + (step.map { " of step \($0)" } ?? "") }
}

extension FaultCall {
  /// Random numbers of the call's own: the same for the same seed and call, in every process.
  ///
  /// FNV-1a over the bytes of what names the call, which Swift's own hash would salt anew in each process.
  func generator(seed: UInt64) -> SeededGenerator {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    func mix(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    func mix(_ word: UInt64) {
      for shift in stride(from: UInt64(0), to: 64, by: 8) { mix(UInt8(truncatingIfNeeded: word >> shift)) }
    }
    mix(seed)
    for byte in leaf.utf8 { mix(byte) }
    // No byte of UTF-8, so that a name cannot run into what follows it.
    mix(0xff as UInt8)
    mix(step == nil ? 0 : 1 as UInt8)
    mix(UInt64(bitPattern: Int64(step ?? 0)))
    for byte in operation.rawValue.utf8 { mix(byte) }
    mix(0xff as UInt8)
    mix(UInt64(number))
    return SeededGenerator(seed: hash)
  }

  /// Counts calls, to number them.
  struct Counts: Sendable {
    private struct Group: Hashable {
      let step: Int?
      let operation: Event.Operation
    }
    private var counts: [Group: Int] = [:]

    /// Takes note of a call.
    mutating func next(leaf: String, step: Int?, operation: Event.Operation) -> FaultCall {
      let group = Group(step: step, operation: operation)
      counts[group, default: 0] += 1
      return FaultCall(leaf: leaf, step: step, operation: operation, number: counts[group] ?? 0)
    }
  }
}
