/// What is to happen at which moment, the earliest first; of one moment, what was added first. Pure.
struct EventQueue<Action> {
  private struct Event {
    let moment: Int64
    let number: UInt64
    let action: Action

    func isBefore(_ other: Event) -> Bool {
      moment == other.moment ? number < other.number : moment < other.moment
    }
  }

  /// A binary heap.
  private var heap: [Event] = []
  private var added: UInt64 = 0

  var count: Int { heap.count }

  /// The moment of the first event.
  var next: Int64? { heap.first?.moment }

  /// Adds an event.
  ///
  /// - Complexity: O(log n) for n events.
  mutating func add(_ action: Action, at moment: Int64) {
    added += 1
    heap.append(Event(moment: moment, number: added, action: action))
    rise(from: heap.count - 1)
  }

  /// Takes the first event.
  ///
  /// - Complexity: O(log n) for n events.
  mutating func removeFirst() -> (moment: Int64, action: Action)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      sink(from: 0)
    }
    return (first.moment, first.action)
  }

  /// Leaves out what satisfies a condition.
  ///
  /// - Complexity: O(n log n) for n events.
  mutating func removeAll(where isGone: (Action) -> Bool) {
    // Sorted, an array is a heap.
    heap = heap.filter { !isGone($0.action) }.sorted { $0.isBefore($1) }
  }

  private mutating func rise(from start: Int) {
    var index = start
    let event = heap[index]
    while index > 0 {
      let parent = (index - 1) / 2
      guard event.isBefore(heap[parent]) else { break }
      heap[index] = heap[parent]
      index = parent
    }
    heap[index] = event
  }

  private mutating func sink(from start: Int) {
    var index = start
    let event = heap[index]
    while true {
      var child = 2 * index + 1
      guard child < heap.count else { break }
      if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
      guard heap[child].isBefore(event) else { break }
      heap[index] = heap[child]
      index = child
    }
    heap[index] = event
  }
}
