/// How many trials a prediction that has no closed form is made of.
struct Trials {
  static let limit = 10_000_000

  let count: Int
  let seed: UInt64

  init(_ count: Int, seed: UInt64) throws(AnalysisError) {
    guard (1...Self.limit).contains(count) else {
      throw AnalysisError("a prediction is made of 1 to \(Self.limit) trials, and not of \(count)")
    }
    (self.count, self.seed) = (count, seed)
  }
}
