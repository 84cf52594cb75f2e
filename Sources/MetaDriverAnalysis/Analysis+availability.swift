import MetaDriver

extension Analysis {
  /// How likely an operation succeeds when every leaf works with one probability, independently of the others.
  ///
  /// - Parameters:
  ///   - operation: What is to succeed.
  ///   - works: How likely a leaf works, from 0 to 1.
  /// - Throws: ``AnalysisError`` for another number, and for a tree with more than 20 leaves.
  public func availability(of operation: Operation, works: Double) throws(AnalysisError) -> Double {
    guard (0...1).contains(works) else { throw AnalysisError("a probability is from 0 to 1, and not \(works)") }
    guard let table = table(operation) else { throw tooLarge }
    return table.probability(leaves.map { _ in works })
  }
}
