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
    case .createOnly, .compareAndPut, .repeatedPuts, .createRaces, .counting: [.get, .compareAndPut]
    case .compareAndDelete: [.get, .put, .compareAndDelete]
    case .verification: .put
    }
  }

  /// Why the driver cannot be asked for this, if it cannot.
  func reasonToSkip(_ caseRun: CaseRun) -> String? {
    if self != .outline, !caseRun.facts.mistakes.isEmpty { return "the tree was composed wrongly" }
    let missing = needs.subtracting(caseRun.facts.capabilities(for: .mutable))
    if !missing.isEmpty { return "not declared: \(missing)" }
    switch self {
    case .kinds, .verification, .listingKinds:
      let missing = needs.subtracting(caseRun.facts.capabilities(for: .immutable))
      if !missing.isEmpty { return "not declared for immutable keys: \(missing)" }
    default: break
    }
    switch self {
    case .verification where !caseRun.outline.marks.contains(.verifying):
      return "the tree does not say that it verifies"
    case .reopening where caseRun.reopen == nil: return "the suite was not told how to make a driver of the same store"
    case .ordering where caseRun.facts.ordering == nil: return "the tree has several leaves, or none that says"
    case .ordering where caseRun.facts.stamps && caseRun.facts.ordering != .newestWins:
      return "the tree stamps, and its leaf does not compare stamps"
    default: return nil
    }
  }

  func run(_ caseRun: CaseRun) async {
    switch self {
    case .outline: caseRun.checkOutline()
    case .predicates: await caseRun.checkPredicates()
    case .capabilities: await caseRun.checkCapabilities()
    case .errors, .secrets: await caseRun.provokeErrors()
    case .absence: await caseRun.checkAbsence()
    case .payloads: await caseRun.checkPayloads()
    case .emptyValues: await caseRun.checkEmptyValues()
    case .overwriting: await caseRun.checkOverwriting()
    case .acknowledged: await caseRun.checkAcknowledged()
    case .ids: await caseRun.checkIDs()
    case .longIDs: await caseRun.checkLongIDs()
    case .kinds: await caseRun.checkKinds()
    case .oversized: await caseRun.checkOversized()
    case .deletes: await caseRun.checkDeletes()
    case .deletesOfAbsent: await caseRun.checkDeletesOfAbsent()
    case .putsAfterDeletes: await caseRun.checkPutsAfterDeletes()
    case .stamps: await caseRun.checkStamps()
    case .tombstones: await caseRun.checkTombstones()
    case .envelopes: await caseRun.checkEnvelopes()
    case .ordering: await caseRun.checkOrdering()
    case .stats: await caseRun.checkStats()
    case .listing: await caseRun.checkListing()
    case .listingPrefixes: await caseRun.checkListingPrefixes()
    case .listingKinds: await caseRun.checkListingKinds()
    case .listingCursors: await caseRun.checkListingCursors()
    case .listingChanges: await caseRun.checkListingChanges()
    case .listingTombstones: await caseRun.checkListingTombstones()
    case .urls: await caseRun.checkURLs()
    case .createOnly: await caseRun.checkCreateOnly()
    case .compareAndPut: await caseRun.checkCompareAndPut()
    case .repeatedPuts: await caseRun.checkRepeatedPuts()
    case .createRaces: await caseRun.checkCreateRaces()
    case .counting: await caseRun.checkCounting()
    case .compareAndDelete: await caseRun.checkCompareAndDelete()
    case .concurrentKeys: await caseRun.checkConcurrentKeys()
    case .concurrentWriters: await caseRun.checkConcurrentWriters()
    case .concurrentReaders: await caseRun.checkConcurrentReaders()
    case .cancelledPuts: await caseRun.checkCancelledPuts()
    case .cancelledGets: await caseRun.checkCancelledGets()
    case .verification: await caseRun.checkVerification()
    case .openingTwice: await caseRun.checkOpeningTwice()
    case .closingTwice: await caseRun.checkClosingTwice()
    case .useAfterClose: await caseRun.checkUseAfterClose()
    case .reopening: await caseRun.checkReopening()
    }
  }
}
