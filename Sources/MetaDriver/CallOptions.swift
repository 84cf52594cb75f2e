/// What one call to a ``Strategy`` says beside key and bytes.
///
/// ```swift
/// let copy = try await profiles.get("alice/profile", options: CallOptions(timeout: .seconds(2)))
/// ```
public struct CallOptions: Sendable {
  /// How long the call may take as a whole; `nil` leaves it to the tree.
  ///
  /// The call answers on time even over a driver that ignores cancellation. A write that ran out of time goes on in the
  /// background.
  public var timeout: Duration?
  /// What the drivers are told about the datum.
  public var hints: Hints
  /// The drivers to leave out of this call, by the names under which reports know them.
  ///
  /// A node does not ask a child of that name; children of one node that have the same name are told apart by a number
  /// (`eu`, `eu#2`). A read's `nil` speaks for the drivers that were asked.
  ///
  /// A ``Strategy`` looks at its whole tree first, and throws `unsupported` before any driver is asked when
  /// - a write cannot hold without those left out;
  /// - no child in the tree has the name;
  /// - the node above the child cannot do without it (``Overlay``, ``Migrating``), or does not say that it leaves children
  ///   out (``Outline/Marks/omitting``);
  /// - the call is ``Strategy/open(options:)``, which opens every driver.
  public var omitting: Set<String>
  /// Whether a read takes a copy that is older than what the session has written or seen, instead of what the session's
  /// ``StalePolicy`` says. The session's floor stays where it is.
  public var acceptsStale: Bool
  /// The oldest stamp that a read takes. An older copy, one without a stamp, or none at all is `stale`.
  ///
  /// A node that asks one driver after the other passes over those that hold an older copy.
  public var minimum: Stamp?
  /// The stamp from which on a read takes none: only copies below it. A newer one is `stale`; stores hold one copy of each
  /// datum, so that an older one may be found where another driver lags behind.
  ///
  /// A node that asks one driver after the other passes over those that hold a newer copy, and one that ranks copies does
  /// not rank them.
  public var maximum: Stamp?
  /// Who calls.
  public var identity: Identity?
  /// The secrets that the drivers need.
  public var credentials: Credentials
  /// Who is told of this call's operations, besides the runtime's observer. An object, which takes less room in every call.
  package var observer: (any Observer & AnyObject)?

  /// Makes the options of one call.
  public init(
    timeout: Duration? = nil, omitting: Set<String> = [], acceptsStale: Bool = false, minimum: Stamp? = nil,
    maximum: Stamp? = nil, hints: Hints = Hints(), identity: Identity? = nil, credentials: Credentials = Credentials()
  ) {
    self.timeout = timeout
    self.omitting = omitting
    self.acceptsStale = acceptsStale
    self.minimum = minimum
    self.maximum = maximum
    self.hints = hints
    self.identity = identity
    self.credentials = credentials
  }
}
