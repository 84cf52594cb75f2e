public import MetaDriver
import MetaDriverTesting
private import Synchronization

/// An observer that keeps what it is told.
public final class Recorder: Observer {
  private let recorded = Mutex<[Event]>([])
  private let begun = Mutex<[Event.Beginning]>([])
  private let tally = Counter()

  /// Makes a recorder that was told nothing.
  public init() {}

  /// The events, in the order in which they ended.
  public var events: [Event] { recorded.withLock { $0 } }

  /// The operations, in the order in which they began.
  public var beginnings: [Event.Beginning] { begun.withLock { $0 } }

  /// Keeps a beginning.
  public func recordBeginning(_ beginning: Event.Beginning) { begun.withLock { $0.append(beginning) } }

  /// Keeps an event.
  public func record(_ event: Event) {
    recorded.withLock { $0.append(event) }
    tally.add(1)
  }

  /// Waits until at least so many events were recorded in all.
  public func waitForEvents(_ count: Int) async { await tally.wait(for: count) }
}
