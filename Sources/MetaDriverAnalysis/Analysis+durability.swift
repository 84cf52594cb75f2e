import MetaDriver

extension Analysis {
  /// Whether an acknowledged put can still be read whichever leaves are lost for good, so many of them.
  ///
  /// It speaks of deletes too where they are tombstones. In a tree without stamps nothing is left of a datum that was
  /// deleted, and a read of nothing takes every leaf that could have a copy.
  ///
  /// ```swift
  /// print(profiles.analysis.keepsWrites(losses: 1))
  /// ```
  ///
  /// What a leaf acknowledges, it keeps until it is lost: how much that is worth is up to its store.
  public func keepsWrites(losses: Int) -> Guarantee {
    guard ownWrites.holds else {
      return Guarantee(ownWrites.verdict, "a read can miss a write before anything is lost", ownWrites.witness)
    }
    if let disorder { return disorder }
    if let hiddenWrites { return hiddenWrites }
    // Every read meets every write: as long as a read has the leaves that it needs, one of them has the write.
    let reads = survival(failures: losses, of: .reads)
    guard reads.verdict == .no else {
      guard reads.holds else { return Guarantee(reads.verdict, reads.reason) }
      return resting(Guarantee(.yes, "a leaf that has the write is left, and is read"))
    }
    return Guarantee(.no, "nothing can be read any more", reads.witness)
  }

  /// How many leaves may be lost for good, whichever they are, with every acknowledged write still there to be read.
  var durability: Guarantee {
    guard ownWrites.holds, disorder == nil, hiddenWrites == nil, let losses = resilience(of: .reads) else {
      return keepsWrites(losses: 0)
    }
    return resting(
      Guarantee(
        failures: losses, "every read that has its leaves meets every acknowledged write",
        losses < 0 ? nil : keepsWrites(losses: losses + 1).witness))
  }

  /// The sets of leaves whose failure ends an operation, and of which each one has to fail; small ones first.
  ///
  /// ```swift
  /// print(try profiles.analysis.fatalSets(.writes))        // [["disk", "eu"], ["disk", "us"], ["eu", "us"]]
  /// ```
  ///
  /// - Throws: ``AnalysisError`` for a tree with more than 20 leaves, or 5,000 such sets.
  public func fatalSets(_ operation: Operation) throws(AnalysisError) -> [[String]] {
    guard let table = TruthTable(need(operation).dual, memberCount: leaves.count) else { throw tooLarge }
    return try Self.checked(table.minimalSets, operation).map { names(members($0)) }
  }
}
