private import Synchronization

/// One operation on one node, for observers: where in the tree it is, and whether it has ended. Made only when somebody
/// observes. The outermost is the call itself.
final class Trace: Sendable {
  /// The tree that the call runs through, to give the nodes of a path their names.
  final class Root: Sendable {
    let name: String
    let outline: Outline
    init(name: String, outline: Outline) {
      self.name = name
      self.outline = outline
    }
  }

  private let parent: Trace?
  private let index: Int
  private let root: Root?
  private let observers: [any Observer]
  private let hasEnded = Atomic(false)

  private init(parent: Trace?, index: Int, root: Root?, observers: [any Observer]) {
    self.parent = parent
    self.index = index
    self.root = root
    self.observers = observers
  }

  /// A call that begins; `nil` when nobody observes it.
  convenience init?(root: Root?, _ observer: (any Observer)?, _ another: (any Observer)?) {
    guard observer != nil || another != nil else { return nil }
    self.init(parent: nil, index: 0, root: root, observers: [observer, another].compactMap(\.self))
  }

  convenience init(parent: Trace, index: Int) {
    self.init(parent: parent, index: index, root: parent.root, observers: parent.observers)
  }

  /// The same place for work that is no part of the call, and of no interest to whoever observes that call alone.
  func apart(observer: any Observer) -> Trace {
    Trace(parent: parent, index: index, root: root, observers: [observer])
  }

  /// From the root's child down; the root node itself has an index of 0, which is left out.
  var indices: [Int] { Array(steps.dropFirst()) }

  private var steps: [Int] {
    var steps: [Int] = []
    var trace = self
    while let parent = trace.parent {
      steps.append(trace.index)
      trace = parent
    }
    return steps.reversed()
  }

  var path: [String] {
    guard let root else { return steps.map(String.init) }
    guard !steps.isEmpty else { return [root.name] }
    var outline = root.outline
    var path = [root.name, outline.component]
    for index in indices {
      guard outline.children.indices.contains(index) else { return path + ["\(index)"] }
      let name = outline.children[index].component
      let namesakes = outline.children[..<index].count { $0.component == name }
      path.append(namesakes == 0 ? name : "\(name)#\(namesakes + 1)")
      outline = outline.children[index]
    }
    return path
  }

  // MARK: Reports

  /// The operation begins.
  func begin(_ operation: Event.Operation, _ key: Key?, _ attempt: UInt8, at start: Duration) {
    for observer in observers {
      observer.recordBeginning(Event.Beginning(operation, key, attempt: Int(attempt), start: start, trace: self))
    }
  }

  /// The operation has ended.
  func end(
    _ operation: Event.Operation, _ key: Key?, _ attempt: UInt8, start: Duration, end: Duration,
    _ outcome: Event.Outcome
  ) {
    self.end()
    tell(
      Event(
        operation, key, attempt: Int(attempt), start: start, duration: end - start, outcome: outcome, isLate: isLate,
        hasBeginning: true, trace: self))
  }

  /// Something happened here whose beginning nobody was told of.
  func note(
    _ operation: Event.Operation, _ key: Key?, _ attempt: UInt8, start: Duration, end: Duration,
    _ outcome: Event.Outcome
  ) {
    tell(
      Event(
        operation, key, attempt: Int(attempt), start: start, duration: end - start, outcome: outcome, isLate: isLate,
        hasBeginning: false, trace: self))
  }

  /// From now on, whatever ends below is late.
  func end() { hasEnded.store(true, ordering: .releasing) }

  /// Whether a node above has answered.
  var isLate: Bool {
    var above = parent
    while let trace = above {
      if trace.hasEnded.load(ordering: .acquiring) { return true }
      above = trace.parent
    }
    return false
  }

  private func tell(_ event: Event) {
    for observer in observers { observer.record(event) }
  }
}
