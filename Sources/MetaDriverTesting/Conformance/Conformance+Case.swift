extension Conformance {
  /// One demand that a driver must satisfy. New cases may come with any release, so a `switch` needs a `default`.
  public enum Case: String, Hashable, Sendable, CaseIterable {
    // What every driver is asked.
    case outline, predicates, capabilities, errors, secrets
    // Bytes under keys.
    case absence, payloads, emptyValues, overwriting, acknowledged, ids, longIDs, kinds, oversized
    // Deletes.
    case deletes, deletesOfAbsent, putsAfterDeletes
    // Stamps.
    case stamps, tombstones, envelopes, ordering
    // Descriptions and listings.
    case stats, listing, listingPrefixes, listingKinds, listingCursors, listingChanges, listingTombstones
    // Addresses.
    case urls
    // Conditions.
    case createOnly, compareAndPut, repeatedPuts, createRaces, counting, compareAndDelete
    // Several callers at once.
    case concurrentKeys, concurrentWriters, concurrentReaders, cancelledPuts, cancelledGets
    // Integrity.
    case verification
    // Opening and closing.
    case openingTwice, closingTwice, useAfterClose, reopening
  }
}

extension Conformance.Case: CustomStringConvertible {
  /// The demand, as a sentence.
  public var description: String {
    switch self {
    case .outline: "The outline and the leaf are the same at every look"
    case .predicates: "url(for:) and handles(_:) are pure, and claim nothing foreign"
    case .capabilities: "What is declared works, what is not declared throws unsupported and changes nothing"
    case .errors: "A failure has a code, a message and an effect that agree"
    case .secrets: "No error shows a credential"
    case .absence: "What was never written is absent"
    case .payloads: "Values of every size come back byte for byte"
    case .emptyValues: "An empty value is a value"
    case .overwriting: "A new value replaces the old one entirely"
    case .acknowledged: "An acknowledged write is there"
    case .ids: "Ids that differ by a byte are different keys, whatever they contain"
    case .longIDs: "The longest ids work, or are refused"
    case .kinds: "The two kinds of keys are apart"
    case .oversized: "A value that is too large is refused without damage"
    case .deletes: "A deleted datum is absent, and no other is"
    case .deletesOfAbsent: "Deleting what is absent succeeds, and says so"
    case .putsAfterDeletes: "What was deleted can be written again"
    case .stamps: "Stamps and parents come back"
    case .tombstones: "Tombstones come back"
    case .envelopes: "Values that look like envelopes come back"
    case .ordering: "Puts are ordered as the leaf declares"
    case .stats: "stat agrees with get"
    case .listing: "A listing is sorted and has every key once, whatever the size of its pages"
    case .listingPrefixes: "A prefix is a prefix of bytes, not a folder"
    case .listingKinds: "A listing has one kind of keys"
    case .listingCursors: "A cursor of another listing is refused, one of this listing lasts"
    case .listingChanges: "Keys that come and go between pages disturb no other"
    case .listingTombstones: "Tombstones are listed"
    case .urls: "A URL leads to what was put under its key, and to nothing else"
    case .createOnly: "Create-only writes on absence and on tombstones, and never overwrites"
    case .compareAndPut: "A conditional put writes on a match only"
    case .repeatedPuts: "A conditional put that is repeated with the same stamped record does not conflict with itself"
    case .createRaces: "Of several that create one key, one succeeds"
    case .counting: "Check and write are one step: no increment is lost"
    case .compareAndDelete: "A conditional delete removes on a match only"
    case .concurrentKeys: "Keys written at the same time do not disturb each other"
    case .concurrentWriters: "Writers of one key leave one complete value"
    case .concurrentReaders: "A reader sees complete values only"
    case .cancelledPuts: "A cancelled put leaves the old value or the new one, and says which"
    case .cancelledGets: "A cancelled get does not say absent"
    case .verification: "Immutable bytes that do not hash to their key are refused"
    case .openingTwice: "Opening twice changes nothing"
    case .closingTwice: "Closing twice works"
    case .useAfterClose: "After close, everything works or throws closed"
    case .reopening: "What was written is there after closing and opening again"
    }
  }
}
