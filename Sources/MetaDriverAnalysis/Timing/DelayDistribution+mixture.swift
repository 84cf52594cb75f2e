public import MetaDriver

extension DelayDistribution {
  /// Any number of distributions, each with how likely it is.
  ///
  /// ```swift
  /// let disk = try DelayDistribution.mixture(of: [
  ///   (0.38, .pareto(minimum: .microseconds(1_050), shape: 1.51)),
  ///   (0.62, .exponential(mean: .microseconds(5_464))),
  /// ])
  /// ```
  ///
  /// - Throws: ``AnalysisError`` unless the probabilities are from 0 to 1, and add up to 1 within a billionth.
  public static func mixture(
    of parts: [(probability: Double, delay: DelayDistribution)]
  ) throws(AnalysisError) -> DelayDistribution {
    for (probability, delay) in parts where !(0...1).contains(probability) {
      throw AnalysisError("the probability of \(delay) in a mixture is from 0 to 1, and not \(probability)")
    }
    let sum = parts.reduce(0) { $0 + $1.probability }
    guard abs(sum - 1) <= 1e-9 else {
      throw AnalysisError("the probabilities of a mixture of \(parts.count) add up to \(sum), and not to 1")
    }
    return DelayDistribution(
      weighted: parts.flatMap { part in part.delay.weighted.map { (part.probability * $0.weight, $0.part) } })
  }
}
