import MetaDriver

/// What each case needs, and does.
extension Conformance.Case {
  /// The operations without which the case cannot be run.
  private var needs: Capabilities {
    switch self {
    case .outline, .predicates, .capabilities, .errors, .secrets, .openingTwice, .closingTwice: []
    case .absence: .get
    case .deletesOfAbsent: .delete
    case .payloads, .emptyValues, .overwriting, .acknowledged, .ids, .longIDs, .kinds, .oversized, .stamps,
      .tombstones, .envelopes, .ordering, .concurrentKeys, .concurrentWriters, .concurrentReaders, .cancelledPuts,
      .cancelledGets, .useAfterClose, .reopening:
      [.get, .put]
    case .deletes, .putsAfterDeletes: .basic
    case .stats: [.get, .put, .stat]
    case .listing, .listingPrefixes, .listingKinds, .listingCursors, .listingChanges, .listingTombstones:
      [.put, .list]
    case .urls: [.get, .put, .makeURL, .getURL]
    case .createOnly, .compareAndPut, .createRaces, .counting: [.get, .compareAndPut]
    case .verification: .put
    }
  }

  /// Why the driver cannot be asked for this, if it cannot.
  func reasonToSkip(_ trial: Trial) -> String? {
    if self != .outline, !trial.facts.mistakes.isEmpty { return "the tree was composed wrongly" }
    let missing = needs.subtracting(trial.facts.capabilities(for: .mutable))
    if !missing.isEmpty { return "not declared: \(missing)" }
    switch self {
    case .kinds, .verification, .listingKinds:
      let missing = needs.subtracting(trial.facts.capabilities(for: .immutable))
      if !missing.isEmpty { return "not declared for immutable keys: \(missing)" }
    default: break
    }
    switch self {
    case .verification where !trial.outline.marks.contains(.verifying): return "the tree does not say that it verifies"
    case .reopening where trial.reopen == nil: return "the suite was not told how to make a driver of the same store"
    case .ordering where trial.facts.ordering == nil: return "the tree has several leaves, or none that says"
    case .ordering where trial.facts.stamps && trial.facts.ordering != .newestWins:
      return "the tree stamps, and its leaf does not compare stamps"
    default: return nil
    }
  }

  func run(_ trial: Trial) async {
    switch self {
    case .outline: trial.checkOutline()
    case .predicates: await trial.checkPredicates()
    case .capabilities: await trial.checkCapabilities()
    case .errors, .secrets: await trial.provokeErrors()
    case .absence: await trial.checkAbsence()
    case .payloads: await trial.checkPayloads()
    case .emptyValues: await trial.checkEmptyValues()
    case .overwriting: await trial.checkOverwriting()
    case .acknowledged: await trial.checkAcknowledged()
    case .ids: await trial.checkIDs()
    case .longIDs: await trial.checkLongIDs()
    case .kinds: await trial.checkKinds()
    case .oversized: await trial.checkOversized()
    case .deletes: await trial.checkDeletes()
    case .deletesOfAbsent: await trial.checkDeletesOfAbsent()
    case .putsAfterDeletes: await trial.checkPutsAfterDeletes()
    case .stamps: await trial.checkStamps()
    case .tombstones: await trial.checkTombstones()
    case .envelopes: await trial.checkEnvelopes()
    case .ordering: await trial.checkOrdering()
    case .stats: await trial.checkStats()
    case .listing: await trial.checkListing()
    case .listingPrefixes: await trial.checkListingPrefixes()
    case .listingKinds: await trial.checkListingKinds()
    case .listingCursors: await trial.checkListingCursors()
    case .listingChanges: await trial.checkListingChanges()
    case .listingTombstones: await trial.checkListingTombstones()
    case .urls: await trial.checkURLs()
    case .createOnly: await trial.checkCreateOnly()
    case .compareAndPut: await trial.checkCompareAndPut()
    case .createRaces: await trial.checkCreateRaces()
    case .counting: await trial.checkCounting()
    case .concurrentKeys: await trial.checkConcurrentKeys()
    case .concurrentWriters: await trial.checkConcurrentWriters()
    case .concurrentReaders: await trial.checkConcurrentReaders()
    case .cancelledPuts: await trial.checkCancelledPuts()
    case .cancelledGets: await trial.checkCancelledGets()
    case .verification: await trial.checkVerification()
    case .openingTwice: await trial.checkOpeningTwice()
    case .closingTwice: await trial.checkClosingTwice()
    case .useAfterClose: await trial.checkUseAfterClose()
    case .reopening: await trial.checkReopening()
    }
  }
}
