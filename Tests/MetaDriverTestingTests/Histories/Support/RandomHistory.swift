import MetaDriver
import MetaDriverTesting

#if canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#elseif canImport(Darwin)
  private import Darwin
#endif

/// Small histories of one key: what a true register does, often with one thing wrong.
struct RandomHistory {
  var count = 3...8
  var sessions = 3
  /// How long the operations may be apart, and last: short, so that many begin or end at one moment.
  var span = 4
  var hasDeletes = false
  /// How many of the writes and reads in a hundred have stamps.
  var stamped = 0
  /// How many of the writes in a hundred have stamps of a clock that is off, were stored under another stamp before, and
  /// were told the stamp of another write.
  var skewed = 0
  var restamped = 0
  var borrowing = 0

  /// The seeds to go through: the one in the environment, or all of them.
  static func seeds(_ count: UInt64) -> [UInt64] {
    if let text = unsafe getenv("SEED"), let seed = unsafe UInt64(String(cString: text)) { return [seed] }
    return Array(0..<count)
  }

  func make(seed: UInt64) -> History {
    var generator = SeededGenerator(seed: seed)
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &generator) < percent }
    var history = History()
    // The moment at which each operation takes effect, in doubled time: nothing else happens in between.
    var effects: [(moment: Int, tie: UInt64, id: Int)] = []
    var now = Array(repeating: 0, count: sessions)
    for id in 0..<Int.random(in: count, using: &generator) {
      let session = Int.random(in: 0..<sessions, using: &generator)
      let begin = now[session] + Int.random(in: 0...span, using: &generator)
      let end = begin + Int.random(in: 0...span, using: &generator)
      now[session] = end
      let kind: History.Operation.Kind =
        chance(50) ? .get(nil) : hasDeletes && chance(40) ? .delete : .put(id + 1)
      var outcome = History.Operation.Outcome.ok(at: end)
      var effect: Int? = Int.random(in: begin...end, using: &generator)
      if chance(12) {
        outcome = .unknown
        effect = chance(50) ? nil : begin + Int.random(in: 0...3 * span, using: &generator)
      } else if chance(6) {
        (outcome, effect) = (.failed, nil)
      }
      if let effect { effects.append((effect, generator.next(), id)) }
      history.operations.append(History.Operation(id: id, session: session, kind, invoked: begin, outcome))
    }
    var current: (value: Int?, stamps: [Stamp]) = (nil, [])
    for (rank, effect) in effects.sorted(by: { ($0.moment, $0.tie) < ($1.moment, $1.tie) }).enumerated() {
      let id = effect.id
      var last = stamp(10 * rank)
      if chance(skewed) {
        last = Stamp(time: UInt64(10 * Int.random(in: 0...12, using: &generator)), writer: UInt64(id + 1))
      }
      let first = Stamp(time: last.time / 2, writer: UInt64(id + 1))
      let stamps = !chance(stamped) ? [] : chance(restamped) ? [first, last] : [last]
      switch history.operations[id].kind {
      case .put, .delete:
        var receipt = stamps.last
        // What is told another's stamp is often stored nowhere.
        if receipt != nil, chance(borrowing), let other = current.stamps.last { receipt = other }
        if receipt == stamps.last || chance(30) {
          if case .put(let value) = history.operations[id].kind {
            current = (value, stamps)
          } else {
            current = (nil, stamps)
          }
        }
        if history.operations[id].outcome != .unknown || chance(50) { history.operations[id].stamp = receipt }
      case .get:
        history.operations[id].kind = .get(current.value)
        history.operations[id].stamp = chance(stamped) ? current.stamps.randomElement(using: &generator) : nil
      }
    }
    if chance(60) { spoil(&history, &generator) }
    history.operations.shuffle(using: &generator)
    return history
  }

  /// Makes one thing wrong, or two.
  private func spoil(_ history: inout History, _ generator: inout SeededGenerator) {
    for _ in 0...Int.random(in: 0...1, using: &generator) {
      let index = Int.random(in: history.operations.indices, using: &generator)
      let other = Int.random(in: history.operations.indices, using: &generator)
      let stamp = history.operations[other].stamp
      switch history.operations[index].kind {
      case .get:
        switch history.operations[other].kind {
        case .put(let value): history.operations[index].kind = .get(value)
        case .delete: history.operations[index].kind = .get(nil)
        case .get: history.operations[index].kind = .get(Bool.random(using: &generator) ? nil : 99)
        }
        history.operations[index].stamp = stamp
      case .put, .delete:
        guard stamp != nil, history.operations[index].stamp != nil else { continue }
        if case .get = history.operations[other].kind { continue }
        history.operations[other].stamp = history.operations[index].stamp
        if borrowing == 0 || Bool.random(using: &generator) { history.operations[index].stamp = stamp }
      }
    }
  }
}

/// Goes through random histories, and says which seed was wrong.
func forRandomHistories(_ kind: RandomHistory, _ count: UInt64, _ body: (UInt64, History) throws -> Void) throws {
  for seed in RandomHistory.seeds(count) { try body(seed, kind.make(seed: seed)) }
}
