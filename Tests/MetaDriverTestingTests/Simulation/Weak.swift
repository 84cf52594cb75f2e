import Synchronization

@testable import MetaDriverTesting

/// Sees whether an object is still there.
final class Weak<Object: AnyObject & Sendable>: Sendable {
  private struct Reference: Sendable { weak var object: Object? }
  private let reference = Mutex(Reference())

  func note(_ object: Object?) { reference.withLock { $0.object = object } }
  var isThere: Bool { reference.withLock { $0.object != nil } }
}
