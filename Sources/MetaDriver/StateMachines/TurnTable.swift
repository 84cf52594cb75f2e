/// Who may write a key now, and who waits: first in, first out for each key. Pure; `TurnQueue` is its shell.
struct TurnTable {
  typealias Ticket = UInt64

  enum Entry: Equatable {
    /// The key is free: go on.
    case go
    /// Somebody is writing: wait to be called with this ticket.
    case wait(Ticket)
    /// Too many wait already.
    case full
  }

  /// How many may wait in all.
  let capacity: Int
  private var lines: [Key: [Ticket]] = [:]
  private var waiting = 0
  private var lastTicket: Ticket = 0

  init(capacity: Int) { self.capacity = capacity }

  mutating func enter(_ key: Key) -> Entry {
    guard lines[key] != nil else {
      lines[key] = []
      return .go
    }
    guard waiting < capacity else { return .full }
    lastTicket += 1
    waiting += 1
    lines[key, default: []].append(lastTicket)
    return .wait(lastTicket)
  }

  /// The writer of the key has ended: the ticket to call next, if any waits.
  mutating func leave(_ key: Key) -> Ticket? {
    guard var line = lines[key], !line.isEmpty else {
      lines[key] = nil
      return nil
    }
    let next = line.removeFirst()
    lines[key] = line
    waiting -= 1
    return next
  }

  /// A waiter gives up. False when it has been called already.
  mutating func abandon(_ key: Key, _ ticket: Ticket) -> Bool {
    guard let place = lines[key]?.firstIndex(of: ticket) else { return false }
    lines[key]?.remove(at: place)
    waiting -= 1
    return true
  }
}
