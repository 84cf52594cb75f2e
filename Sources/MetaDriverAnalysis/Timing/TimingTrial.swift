import MetaDriver

/// One operation after the other on a tree, with every delay drawn from a seed.
struct TimingTrial {
  /// How an operation, or a part of it, ended.
  struct End {
    var time: Double
    var isGood: Bool
    /// How long after the write was acknowledged it would have had to begin, to find it: below zero where it was found.
    var lag: Double
  }

  /// A call to a leaf, and when it ended.
  struct Call {
    let leaf: Int
    let end: Double
  }

  private let timings: [LeafTiming]
  private let remoteDelay: Double
  /// Whether a leaf that other clients do not see is another leaf for the reader.
  private let isHidden: [Bool]
  private var generator: SeededGenerator
  /// When the write of this trial takes effect at each leaf; never, at first.
  private var arrivals: [Double]
  /// When the write was acknowledged.
  private var acknowledged = 0.0
  /// Whether each leaf answers reads in this operation, and whether it takes writes.
  private var reads: [Bool]
  private var writes: [Bool]
  private var home = 0
  /// What the last operation asked of leaves.
  private(set) var calls: [Call] = []

  init(_ leaves: [LeafPlace], _ timings: [LeafTiming], remoteDelay: Double, seed: UInt64) {
    (self.timings, self.remoteDelay) = (timings, remoteDelay)
    isHidden = leaves.map(\.isLocalOnly)
    generator = SeededGenerator(seed: seed)
    arrivals = leaves.map { _ in .infinity }
    (reads, writes) = (leaves.map { _ in true }, leaves.map { _ in true })
  }

  /// Carries out a write, which the reads after it look for.
  mutating func write(_ tree: TimingTree) -> End {
    for leaf in arrivals.indices { arrivals[leaf] = .infinity }
    let end = run(tree)
    acknowledged = end.time
    return end
  }

  /// Carries out an operation.
  mutating func run(_ tree: TimingTree) -> End {
    calls.removeAll(keepingCapacity: true)
    for leaf in timings.indices {
      let timing = timings[leaf]
      reads[leaf] = timing.readSuccess == 1 || generator.unit() < timing.readSuccess
      writes[leaf] = timing.writeSuccess == 1 || generator.unit() < timing.writeSuccess
    }
    if remoteDelay > 0 { home = Int.random(in: timings.indices, using: &generator) }
    return run(tree, from: 0)
  }

  private mutating func run(_ tree: TimingTree, from start: Double) -> End {
    switch tree {
    case .never: return End(time: start, isGood: false, lag: .infinity)
    case .leaf(let leaf, let operation): return call(leaf, operation, from: start)
    case .limited(let limit, let tree):
      let end = run(tree, from: start)
      return end.time - start < limit ? end : End(time: start + limit, isGood: false, lag: .infinity)
    case .then(let first, let second):
      let end = run(first, from: start)
      return end.isGood ? run(second, from: end.time) : end
    case .many(let rule, let course, let children):
      switch course.order {
      case .concurrent: return atOnce(rule, course, children, from: start)
      case .sequential: return inTurn(rule, course, children, from: start)
      case .hedged: return hedged(rule, course, children, from: start)
      }
    }
  }

  private mutating func call(_ leaf: Int, _ operation: Analysis.Operation, from start: Double) -> End {
    let timing = timings[leaf]
    let way = leaf == home ? 0 : remoteDelay
    let arrival = start + way + timing.request(operation).nanoseconds(using: &generator)
    let time = arrival + way + timing.reply(operation).nanoseconds(using: &generator)
    calls.append(Call(leaf: leaf, end: time))
    guard operation == .reads ? reads[leaf] : writes[leaf] else {
      return End(time: time, isGood: false, lag: .infinity)
    }
    guard operation == .writes else {
      let written = isHidden[leaf] ? .infinity : arrivals[leaf]
      return End(time: time, isGood: true, lag: written - acknowledged - arrival)
    }
    arrivals[leaf] = min(arrivals[leaf], arrival)
    return End(time: time, isGood: true, lag: .infinity)
  }

  private mutating func atOnce(_ rule: Rule, _ course: Course, _ children: [TimingTree], from start: Double) -> End {
    var ended: [End] = []
    ended.reserveCapacity(children.count)
    for child in children { ended.append(run(child, from: start)) }
    return decided(rule, course, ended)
  }

  /// The end of a node whose children have ended.
  private func decided(_ rule: Rule, _ course: Course, _ ended: [End]) -> End {
    var order = Array(ended.indices)
    for index in order.indices.dropFirst() {
      var place = index
      while place > 0, ended[order[place]].time < ended[order[place - 1]].time {
        order.swapAt(place, place - 1)
        place -= 1
      }
    }
    var good = Array(repeating: false, count: ended.count)
    var lag = Double.infinity
    for index in order {
      good[index] = ended[index].isGood
      if good[index] { lag = min(lag, ended[index].lag) }
      if !course.awaitsAll, rule.holds({ good[$0] }) {
        return End(time: ended[index].time, isGood: true, lag: lag)
      }
    }
    return End(time: order.last.map { ended[$0].time } ?? 0, isGood: rule.holds { good[$0] }, lag: lag)
  }

  private mutating func inTurn(_ rule: Rule, _ course: Course, _ children: [TimingTree], from start: Double) -> End {
    var good = Array(repeating: false, count: children.count)
    var end = End(time: start, isGood: false, lag: .infinity)
    for (index, child) in children.enumerated() {
      let next = run(child, from: end.time)
      good[index] = next.isGood
      end = End(time: next.time, isGood: rule.holds { good[$0] }, lag: min(end.lag, next.lag))
      if end.isGood, !course.awaitsAll { break }
    }
    return end
  }

  private mutating func hedged(_ rule: Rule, _ course: Course, _ children: [TimingTree], from start: Double) -> End {
    var ended: [End] = []
    for (index, child) in children.enumerated() {
      let moment = start + Double(index) * course.delay
      if index > 0, !course.awaitsAll {
        // Over those that were asked so far alone: the rest counts as not there.
        let unasked = children.count - index
        let soFar = decided(rule, course, ended + Array(repeating: End.unasked, count: unasked))
        if soFar.isGood, soFar.time <= moment { return soFar }
      }
      ended.append(run(child, from: moment))
    }
    return decided(rule, course, ended)
  }
}

extension TimingTrial.End {
  fileprivate static let unasked = TimingTrial.End(time: .infinity, isGood: false, lag: .infinity)
}
