import MetaDriver

/// How likely an operation has succeeded by then, exactly: for trees whose calls take their times independently of each
/// other, and begin at times that are known.
struct CompletionTime: Sendable {
  private struct Leaf: Sendable {
    let sum: SumOfDelays
    let success: Double
    let delay: Double
  }

  private let tree: TimingTree
  private let reads: [Leaf]
  private let writes: [Leaf]

  /// `nil` for a tree that has to be tried out.
  ///
  /// - Parameter delays: What each leaf takes besides.
  init?(_ tree: TimingTree, _ timings: [LeafTiming], delays: [Double]) {
    func leaves(_ operation: Analysis.Operation) -> [Leaf]? {
      var leaves: [Leaf] = []
      for (timing, delay) in zip(timings, delays) {
        guard let sum = SumOfDelays(timing.request(operation), timing.reply(operation)) else { return nil }
        leaves.append(Leaf(sum: sum, success: timing.success(operation), delay: delay))
      }
      return leaves
    }
    guard tree.isExact(timings), let reads = leaves(.reads), let writes = leaves(.writes) else { return nil }
    (self.tree, self.reads, self.writes) = (tree, reads, writes)
  }

  /// How likely it has succeeded within so many nanoseconds.
  func share(within time: Double) -> Double { share(tree, within: time) }

  private func share(_ tree: TimingTree, within time: Double) -> Double {
    guard time >= 0 else { return 0 }
    switch tree {
    case .never, .then: return 0
    case .leaf(let number, let operation):
      let leaf = operation == .reads ? reads[number] : writes[number]
      return leaf.success * leaf.sum.share(within: time - leaf.delay)
    case .limited(let limit, let tree): return share(tree, within: min(time, limit.nextDown))
    case .many(let rule, let course, let children):
      switch course.order {
      case .sequential: return share(children[0], within: time)
      case .concurrent, .hedged:
        let delay = course.delay
        let shares = children.enumerated().map { share($1, within: time - Double($0) * delay) }
        return course.awaitsAll ? shares.reduce(1, *) : rule.probability(shares)
      }
    }
  }
}

extension CompletionTime {
  /// How often each leaf is called.
  var callsPerLeaf: [Double] {
    var calls = Array(repeating: 0.0, count: reads.count)
    count(tree, reached: 1, until: .infinity, &calls)
    return calls
  }

  /// - Parameter time: When nobody is asked any more.
  private func count(_ tree: TimingTree, reached: Double, until time: Double, _ calls: inout [Double]) {
    switch tree {
    case .never, .then: break
    case .leaf(let number, _): calls[number] += reached
    case .limited(let limit, let tree): count(tree, reached: reached, until: min(limit, time), &calls)
    case .many(let rule, let course, let children):
      for (index, child) in children.enumerated() {
        var needed = 1.0
        switch course.order {
        case .sequential where !course.awaitsAll && index > 0: return
        case .hedged where Double(index) * course.delay >= time: return
        case .hedged where !course.awaitsAll:
          let soFar = children.enumerated().map {
            $0 < index ? share($1, within: Double(index - $0) * course.delay) : 0
          }
          needed -= rule.probability(soFar)
        default: break
        }
        count(child, reached: reached * needed, until: time - Double(index) * course.delay, &calls)
      }
    }
  }
}

extension Course {
  /// How many nanoseconds after each child the next one is asked, where nothing else is waited for.
  var delay: Double { if case .hedged(let delay) = order { delay / .nanoseconds(1) } else { 0 } }
}

extension TimingTree {
  /// Whether nothing in it has to wait for the end of something else, and no failure of a leaf is met twice.
  fileprivate func isExact(_ timings: [LeafTiming]) -> Bool {
    let calls = calls
    let unsure = calls.filter { timings[$0.leaf].success($0.operation) < 1 }
    guard Set(unsure.map(\.leaf)).count == unsure.count else { return false }
    return hasKnownStarts(timings)
  }

  private func hasKnownStarts(_ timings: [LeafTiming]) -> Bool {
    switch self {
    case .leaf, .never: return true
    case .then: return false
    case .limited(_, let tree): return tree.hasKnownStarts(timings)
    case .many(let rule, let course, let children):
      guard children.allSatisfy({ $0.hasKnownStarts(timings) }) else { return false }
      switch course.order {
      case .concurrent, .hedged: return !course.awaitsAll || children.allSatisfy { $0.isSure(timings) }
      case .sequential:
        return children.count == 1 || (!course.awaitsAll && rule.holds { $0 == 0 } && children[0].isSure(timings))
      }
    }
  }

  /// Whether it always succeeds.
  private func isSure(_ timings: [LeafTiming]) -> Bool {
    switch self {
    case .leaf(let number, let operation): timings[number].success(operation) == 1
    case .limited, .never: false
    case .then(let first, let second): first.isSure(timings) && second.isSure(timings)
    case .many(let rule, _, let children): rule.holds { children[$0].isSure(timings) }
    }
  }

  /// Every call there may be, once for each place.
  var calls: [(leaf: Int, operation: Analysis.Operation)] {
    switch self {
    case .leaf(let number, let operation): [(number, operation)]
    case .never: []
    case .limited(_, let tree): tree.calls
    case .then(let first, let second): first.calls + second.calls
    case .many(_, _, let children): children.flatMap(\.calls)
    }
  }
}
