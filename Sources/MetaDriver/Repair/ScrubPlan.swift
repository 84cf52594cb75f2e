/// What a ``Scrub`` would do, as a value: to print, to review, to save, and to apply later.
///
/// ```swift
/// let plan = try await Scrub { disk; eu; us }.plan()
/// print(plan)
/// try await disk.put(Array("\(plan)".utf8), at: "scrub/monday")
/// …
/// let saved = try await disk.get("scrub/monday")
/// let same = try ScrubPlan(String(decoding: saved?.bytes ?? [], as: UTF8.self))
/// ```
///
/// The text is what ``init(_:)`` reads: a line for each store, and a line for each key of which not all stores hold the
/// same copy.
///
/// ```
/// scrub plan 1
/// keys      mutable, beginning with "alice/", compared by content
/// store     "disk" listed 1204
/// store     "eu" listed 1203
/// store     "us" unanswered "unavailable: connection refused"
/// copy      "alice/photo" 81920 bytes 1700000000000.0@1f from "disk" to "eu" damaged
/// undecided "alice/notes" at "disk" "eu"
/// lost      "alice/draft" at "eu"
/// end
/// ```
///
/// A review may take repairs out of ``repairs``. Nothing in a plan deletes anything.
public struct ScrubPlan: Hashable, Sendable {
  /// Why a store is to get a copy.
  public enum Need: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// It listed what it has, and the key is not there.
    case missing
    /// Its copy ranks below.
    case older
    /// Its copy fails a check: torn, flipped, or another key's.
    case damaged
    /// Its copy has the same stamp and other bytes, and ranks below by ``Record/ranksAbove(_:)``: two writers are one.
    case conflicting

    /// The name of the case.
    public var description: String { rawValue }
  }

  /// A store that is to get a copy.
  public struct Target: Hashable, Sendable {
    /// The name of the store.
    public let store: String
    /// Why.
    public let need: Need
  }

  /// One copy, to be brought from where it is to where it is not.
  public struct Repair: Hashable, Sendable {
    /// The key.
    public let key: Key
    /// The copy that ranks above all others, as it was when the plan was made.
    public let stat: Stat
    /// The stores that hold it: the first that still can is read.
    public let sources: [String]
    /// The stores that are to get it.
    public let targets: [Target]
  }

  /// A key for which nothing can be done, and the stores concerned.
  public struct Finding: Hashable, Sendable {
    /// The key.
    public let key: Key
    /// The stores concerned.
    public let stores: [String]
  }

  /// A store, and how much of it was seen.
  public struct Store: Hashable, Sendable {
    /// Its name.
    public let name: String
    /// How many keys it listed.
    public internal(set) var listed = 0
    /// Why it could not be listed in full, or read where it had to be; `nil` when it could. Nothing was concluded
    /// from what it did not say.
    public internal(set) var silence: String?
  }

  /// Which kind of data was compared.
  public let kind: Key.Kind
  /// The beginning of the names that were compared.
  public let prefix: String
  /// What was compared.
  public let comparison: Scrub.Comparison
  /// The stores, in their order.
  public internal(set) var stores: [Store]
  /// What is to be done, in the order of the keys.
  public var repairs: [Repair] = []
  /// Keys of which copies without stamps differ: nothing says which is newer, so none is replaced. Write the right value.
  public internal(set) var undecided: [Finding] = []
  /// Keys of which no store that was read holds a good copy.
  public internal(set) var lost: [Finding] = []
  /// The last key that was compared, when the plan was full and ends there; `nil` for a plan that goes to the end.
  public internal(set) var end: Key?

  /// Whether all stores hold the same once the plan is applied: every store said all, the plan goes to the end, and there
  /// is nothing ``undecided`` or ``lost``, which no plan mends.
  public var isComplete: Bool {
    end == nil && stores.allSatisfy { $0.silence == nil } && undecided.isEmpty && lost.isEmpty
  }
}
