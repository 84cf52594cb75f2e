import MetaDriver

/// Looks for an order of the operations that explains every read, one operation after the other. Pure.
///
/// It judges every register, and is needed for those in which it is not known which delete a read has seen. What was
/// tried once is not tried again: a state is the set of operations that have their place, and whether anything is stored.
/// The number of states grows with the writes that overlap, in the worst case exponentially: hence the limit.
///
/// Source: J. Wing, C. Gong, *Testing and Verifying Concurrent Objects*; G. Lowe, *Testing for Linearizability*.
struct LinearizationSearch {
  /// What was found out.
  enum Verdict: Equatable {
    case linearizable
    /// No order explains all. The longest that explains some has this many operations, and then none of these fits, by
    /// their places in the history.
    case refuted(longest: Int, stuck: [Int])
    /// The limit was reached first.
    case undecided
  }

  /// One operation that must have its place, or may have one.
  private struct Item {
    let operation: Int
    let invoked: Int
    let end: Int
    let stamp: Stamp?
    /// The write that it is or has seen; `nil` for a read of any nothing.
    let write: Int?
    let isWrite: Bool
    /// Whether it must have a place.
    let isRequired: Bool
  }

  /// A step that can be undone: the operations that got their places in it, and what else may be tried instead.
  private struct Step {
    var placed: [Int] = []
    var current: Int
    var highest: Int
    var choices: ArraySlice<Int> = []
  }

  private let register: Register
  private let items: [Item]
  private var byBegin: RemovalList
  private var byEnd: RemovalList
  private var byStamp: RemovalList
  /// For each write, how many reads that have seen it have no place yet.
  private var unread: [Int]
  private var requiredCount: Int
  private var placedCount = 0
  private var visited: Set<[Int]> = []

  /// The states that are looked at for one register, when nothing else is said. They take about 50 MB at most for a
  /// register with few operations at a time.
  static let limit = 250_000

  /// Judges a register.
  static func verdict(on register: Register, limit: Int = limit) -> Verdict {
    // What nobody wrote has no place in any order.
    if let read = register.reads.first(where: { $0.problem != nil }) {
      return .refuted(longest: 0, stuck: [read.operation])
    }
    var search = LinearizationSearch(register)
    return search.run(limit)
  }

  private init(_ register: Register) {
    self.register = register
    var items: [Item] = []
    unread = Array(repeating: 0, count: register.writes.count)
    for read in register.reads {
      var write: Int?
      if case .write(let source) = read.source {
        write = source
        unread[source] += 1
      }
      items.append(
        Item(
          operation: read.operation, invoked: read.invoked, end: read.end, stamp: nil, write: write, isWrite: false,
          isRequired: true))
    }
    for (index, write) in register.writes.enumerated().dropFirst() where write.isEffective || !write.isPut {
      items.append(
        Item(
          operation: write.operation, invoked: write.invoked, end: write.end, stamp: write.order, write: index,
          isWrite: true, isRequired: write.isEffective))
    }
    items.sort { ($0.invoked, $0.operation) < ($1.invoked, $1.operation) }
    let sorted = items
    self.items = sorted
    let indices = sorted.indices
    byBegin = RemovalList(indices, below: sorted.count)
    byEnd = RemovalList(indices.sorted { sorted[$0].end < sorted[$1].end }, below: sorted.count)
    let ranked = indices.compactMap { item in sorted[item].stamp.map { (item: item, stamp: $0) } }
    byStamp = RemovalList(ranked.sorted { $0.stamp < $1.stamp }.map(\.item), below: sorted.count)
    requiredCount = sorted.count { $0.isRequired }
  }

  private mutating func run(_ limit: Int) -> Verdict {
    var longest = (count: -1, stuck: [Int]())
    var step = Step(current: 0, highest: -1)
    absorbReads(&step)
    var path: [Step] = []
    var states = 0
    while true {
      if requiredCount == 0 { return .linearizable }
      step.choices = choices(step)[...]
      if placedCount > longest.count { longest = (placedCount, pending().map { items[$0].operation }) }
      states += 1
      guard states <= limit else { return .undecided }
      if !visited.insert(state(step)).inserted { step.choices = [] }
      path.append(step)
      while let last = path.last, last.choices.isEmpty {
        undo(last)
        path.removeLast()
      }
      guard let choice = path.last?.choices.first else {
        return .refuted(longest: longest.count, stuck: longest.stuck)
      }
      path[path.count - 1].choices.removeFirst()
      step = Step(current: items[choice].write ?? 0, highest: path[path.count - 1].highest)
      place(choice, &step)
      absorbReads(&step)
    }
  }

  /// What no operation without a place precedes, in the order of invocation.
  private func pending() -> [Int] {
    guard let end = byEnd.first.map({ items[$0].end }) else { return [] }
    var pending: [Int] = []
    var next = byBegin.first
    while let item = next, items[item].invoked <= end {
      pending.append(item)
      next = byBegin.after(item)
    }
    return pending
  }

  /// The writes that may come next.
  private func choices(_ step: Step) -> [Int] {
    // Nothing may be written over what has to be read yet.
    guard unread[step.current] == 0 else { return [] }
    let pending = pending()
    let isNothingWanted = pending.contains { items[$0].write == nil }
    let lowest = byStamp.first.flatMap { items[$0].stamp }
    var hasOptional = false
    let choices = pending.filter { index in
      let item = items[index]
      guard item.isWrite else { return false }
      if let stamp = item.stamp, let lowest, lowest < stamp { return false }
      guard !item.isRequired else { return true }
      // A delete that need not have happened is of use to a read only, and one is as good as another.
      defer { hasOptional = true }
      return isNothingWanted && !hasOptional
    }
    // What ends first is the likeliest.
    return choices.sorted { (items[$0].end, $0) < (items[$1].end, $1) }
  }

  /// Gives all reads their places that agree with what is stored: that is never a mistake, as they change nothing.
  private mutating func absorbReads(_ step: inout Step) {
    let isNothing = !register.writes[step.current].isPut
    while true {
      let reads = pending().filter { index in
        !items[index].isWrite && (items[index].write == step.current || items[index].write == nil && isNothing)
      }
      guard !reads.isEmpty else { return }
      for read in reads { place(read, &step) }
    }
  }

  private mutating func place(_ index: Int, _ step: inout Step) {
    step.placed.append(index)
    step.highest = max(step.highest, index)
    count(index, -1)
    byBegin.remove(index)
    byEnd.remove(index)
    if items[index].stamp != nil { byStamp.remove(index) }
  }

  private mutating func undo(_ step: Step) {
    for index in step.placed.reversed() {
      count(index, 1)
      byBegin.restore(index)
      byEnd.restore(index)
      if items[index].stamp != nil { byStamp.restore(index) }
    }
  }

  private mutating func count(_ index: Int, _ change: Int) {
    placedCount -= change
    if items[index].isRequired { requiredCount += change }
    if !items[index].isWrite, let write = items[index].write { unread[write] += change }
  }

  /// What the rest of the search depends on: the last operation that has its place, those before it that have none, and
  /// what is stored.
  private func state(_ step: Step) -> [Int] {
    var state = [
      step.highest, unread[step.current] > 0 ? step.current + 1 : register.writes[step.current].isPut ? -1 : 0,
    ]
    var next = byBegin.first
    while let item = next, item < step.highest {
      state.append(item)
      next = byBegin.after(item)
    }
    return state
  }
}
