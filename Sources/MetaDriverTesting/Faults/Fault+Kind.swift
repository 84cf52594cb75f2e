public import MetaDriver

extension Fault {
  /// A fault without its details, as the rates of a ``FaultProfile`` name it. New ones may come with any release.
  public enum Kind: String, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// See ``Fault/refused``.
    case refused
    /// See ``Fault/failedAfterEffect``.
    case failedAfterEffect
    /// See ``Fault/lostReply``.
    case lostReply
    /// See ``Fault/hang``.
    case hang
    /// See ``Fault/throttled``.
    case throttled
    /// See ``Fault/full``.
    case full
    /// See ``Fault/staleRead``.
    case staleRead
    /// See ``Fault/bitFlipOnRead``.
    case bitFlipOnRead
    /// See ``Fault/truncatedRead``.
    case truncatedRead
    /// See ``Fault/delayedVisibility(_:)``.
    case delayedVisibility
    /// See ``Fault/tornWrite``.
    case tornWrite
    /// See ``Fault/bitFlipAtRest``.
    case bitFlipAtRest
    /// See ``Fault/duplicated(_:)``.
    case duplicated
    /// See ``Fault/reordered(_:)``.
    case reordered

    /// The name of the fault, as it is written in Swift.
    public var description: String { rawValue }

    /// Whether an operation can suffer it.
    public func applies(to operation: Event.Operation) -> Bool {
      switch self {
      case .refused, .failedAfterEffect, .lostReply, .hang, .throttled: true
      case .full: [.put, .compareAndPut, .delete].contains(operation)
      case .staleRead: [.get, .stat, .list].contains(operation)
      case .bitFlipOnRead, .truncatedRead: [.get, .stat].contains(operation)
      case .delayedVisibility, .tornWrite, .bitFlipAtRest: [.put, .compareAndPut].contains(operation)
      // A conditional put is one step with its check: a store that could carry it out later would not have it.
      case .duplicated, .reordered: operation == .put
      }
    }

    /// Whether the fault says how long it takes.
    var hasDuration: Bool {
      switch self {
      case .delayedVisibility, .duplicated, .reordered: true
      default: false
      }
    }
  }

  /// Which fault it is.
  public var kind: Kind {
    switch self {
    case .refused: .refused
    case .failedAfterEffect: .failedAfterEffect
    case .lostReply: .lostReply
    case .hang: .hang
    case .throttled: .throttled
    case .full: .full
    case .staleRead: .staleRead
    case .bitFlipOnRead: .bitFlipOnRead
    case .truncatedRead: .truncatedRead
    case .delayedVisibility: .delayedVisibility
    case .tornWrite: .tornWrite
    case .bitFlipAtRest: .bitFlipAtRest
    case .duplicated: .duplicated
    case .reordered: .reordered
    }
  }

  /// A fault of a kind; the duration is used by those that have one.
  init(_ kind: Kind, lasting duration: Duration) {
    switch kind {
    case .refused: self = .refused
    case .failedAfterEffect: self = .failedAfterEffect
    case .lostReply: self = .lostReply
    case .hang: self = .hang
    case .throttled: self = .throttled
    case .full: self = .full
    case .staleRead: self = .staleRead
    case .bitFlipOnRead: self = .bitFlipOnRead
    case .truncatedRead: self = .truncatedRead
    case .delayedVisibility: self = .delayedVisibility(duration)
    case .tornWrite: self = .tornWrite
    case .bitFlipAtRest: self = .bitFlipAtRest
    case .duplicated: self = .duplicated(duration)
    case .reordered: self = .reordered(duration)
    }
  }
}
