/// Where in the tree a call is, for an observer. Made only when there is one.
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
  private let observer: any Observer

  init(root: Root?, observer: any Observer) {
    parent = nil
    index = 0
    self.root = root
    self.observer = observer
  }

  init(parent: Trace, index: Int) {
    self.parent = parent
    self.index = index
    root = parent.root
    observer = parent.observer
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

  func report(
    _ operation: Event.Operation, _ key: Key?, _ attempt: UInt8, start: Duration, end: Duration,
    _ outcome: Event.Outcome
  ) {
    observer.record(
      Event(
        operation, key, attempt: Int(attempt), start: start, duration: end - start, outcome: outcome, trace: self))
  }
}
