import Testing

@testable import MetaDriver

@Suite struct HandoffQueueTests {
  private func item(_ time: UInt64, _ bytes: [UInt8] = [1], size: Int = 10, since: Int = 0) -> HandoffQueue.Item {
    let record = Record(bytes, stamp: Stamp(time: time, writer: 1))
    return HandoffQueue.Item(
      rank: HandoffQueue.Rank(record), byteCount: bytes.count, storedByteCount: size, since: .seconds(since),
      seen: .seconds(since), isDurable: true)
  }

  private func slot(_ child: String, _ key: Key = "k") -> HandoffQueue.Slot {
    HandoffQueue.Slot(child: child, key: key)
  }

  // R11
  @Test("Ranks order as records do", arguments: 0..<3, 0..<3)
  func ranks(left: Int, right: Int) {
    let records = [
      Record([1], stamp: Stamp(time: 1, writer: 1)), Record([2], stamp: Stamp(time: 1, writer: 1)),
      Record.tombstone(stamp: Stamp(time: 1, writer: 1)),
    ]
    let (left, right) = (records[left], records[right])
    #expect(HandoffQueue.Rank(left).isAbove(HandoffQueue.Rank(right)) == left.ranksAbove(right))
    let later = Record(right.bytes, stamp: Stamp(time: 2, writer: 0)), bare = Record([9])
    #expect(HandoffQueue.Rank(later).isAbove(HandoffQueue.Rank(left)) && later.ranksAbove(left))
    #expect(
      HandoffQueue.Rank(left).isAbove(HandoffQueue.Rank(bare))
        && !HandoffQueue.Rank(bare).isAbove(HandoffQueue.Rank(left)))
  }

  @Test("The newest takes the place, what ranks no higher is held already, and limits count both") func offers() {
    var queue = HandoffQueue(entryLimit: 2, byteLimit: 25, window: .seconds(10))
    func offer(_ item: HandoffQueue.Item, _ slot: HandoffQueue.Slot) -> String {
      switch queue.offer(item, at: slot) {
      case .store(let replaced): replaced == nil ? "new" : "replaces"
      case .held: "held"
      case .full(let why): why
      }
    }
    #expect(offer(item(5), slot("a")) == "new")
    #expect(offer(item(5), slot("a")) == "held")
    #expect(offer(item(4), slot("a")) == "held")
    #expect(offer(item(6, size: 15), slot("a")) == "replaces")
    #expect(offer(item(1, size: 11), slot("b")) == "15 bytes, 11 more are needed, the limit is 25")
    #expect(offer(item(1), slot("b")) == "new" && queue.byteCount == 25)
    #expect(offer(item(1, size: 0), slot("c")) == "2 entries, the limit is 2")
    queue[slot("a")]?.isDurable = false
    #expect(offer(item(6, size: 15), slot("a")) == "replaces", "nobody knows whether the store has it")
    queue[slot("a")]?.isDurable = true
    _ = queue.expire(slot("a"), now: .seconds(11))
    #expect(offer(item(6, size: 15), slot("a")) == "replaces", "the one queued is not sent any more")
    _ = queue.expire(slot("a"), now: .seconds(11))
    #expect(offer(item(5, since: 20), slot("a")) == "held", "an older write never takes the newest one's place")
    #expect(queue[slot("a")]?.rank == item(6).rank && queue[slot("a")]?.isExpired == false)
    let (onTime, late) = (queue.expire(slot("a"), now: .seconds(30)), queue.expire(slot("a"), now: .seconds(31)))
    #expect(onTime == nil && late == .seconds(11), "it waits anew")
    queue[slot("a")] = nil
    #expect(queue.byteCount == 10 && queue.children == ["b"] && !queue.hasItems(for: "a"))
  }

  @Test("What failed least goes first, then what waits longest") func turns() {
    var queue = HandoffQueue(entryLimit: 9, byteLimit: 999, window: .seconds(10))
    for (key, since) in [("x", 2), ("y", 1), ("z", 3)] as [(Key, Int)] {
      _ = queue.offer(item(1, since: since), at: slot("a", key))
    }
    _ = queue.offer(item(1), at: slot("b"))
    #expect(queue.turn(of: "a", now: .zero).map(\.key) == ["y", "x", "z"])
    queue.fail(slot("a", "y"), DriverError(.unavailable, "down"))
    #expect(queue.turn(of: "a", now: .zero).map(\.key) == ["x", "z", "y"])
    #expect(queue[slot("a", "y")]?.lastError?.code == .unavailable)
  }

  // R35
  @Test("An entry waits for as long as it takes, or for the window on the runtime's clock; it expires once, and stays")
  func expiry() {
    var patient = HandoffQueue(entryLimit: 1, byteLimit: 10, window: nil)
    var queue = HandoffQueue(entryLimit: 1, byteLimit: 10, window: .seconds(10))
    _ = (patient.offer(item(1), at: slot("a")), queue.offer(item(1), at: slot("a")))
    func expire(_ queue: inout HandoffQueue, at seconds: Int) -> Duration? {
      queue.expire(slot("a"), now: .seconds(seconds))
    }
    let never = expire(&patient, at: 1 << 40)
    #expect(never == nil && patient.hasItems(for: "a"))
    let (onTime, early) = (expire(&queue, at: 10), expire(&queue, at: -10))
    #expect(onTime == nil && early == nil && queue.hasItems(for: "a"))
    let (late, again) = (expire(&queue, at: 11), expire(&queue, at: 12))
    #expect(late == .seconds(11) && again == nil)
    #expect(queue.turn(of: "a", now: .zero).isEmpty && !queue.hasItems(for: "a") && queue.slots(of: "a") == [slot("a")])
    #expect(queue[slot("a")]?.isExpired == true && queue.children == ["a"])
  }
}
