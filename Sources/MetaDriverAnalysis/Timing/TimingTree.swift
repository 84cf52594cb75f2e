import MetaDriver

/// An operation on a tree as what is asked when, and when enough have answered.
indirect enum TimingTree: Sendable {
  /// A call to the leaf of this number.
  case leaf(Int, Analysis.Operation)
  /// Calls to children, over whose places the rule is.
  case many(Rule, Course, [TimingTree])
  /// Fails when so many nanoseconds have passed.
  case limited(Double, TimingTree)
  /// One after the other; the first has to succeed.
  case then(TimingTree, TimingTree)
  /// Fails at once.
  case never

  /// - Parameter kind: Which data it is about.
  init(_ outline: Outline, _ operation: Analysis.Operation, _ kind: Key.Kind, leaves: [LeafPlace]) {
    self.init(outline, operation, kind, leaves, at: [], isStamped: false, isOrdered: false)
  }

  private init(
    _ outline: Outline, _ operation: Analysis.Operation, _ kind: Key.Kind, _ leaves: [LeafPlace], at path: [Int],
    isStamped: Bool, isOrdered: Bool
  ) {
    guard outline.capabilities.contains(operation.capability) else {
      self = .never
      return
    }
    guard let access = outline.access(for: kind), !outline.children.isEmpty else {
      let identity = outline.identity(at: path)
      self = leaves.firstIndex { $0.identity == identity }.map { .leaf($0, operation) } ?? .never
      return
    }
    let stamps = operation == .writes && !isStamped && outline.stampsHere(kind, isOrdered: isOrdered)
    func tree(_ operation: Analysis.Operation) -> TimingTree {
      let (rule, course) =
        operation == .reads ? (access.read, access.readCourse) : (access.write, access.writeCourse)
      var asked: [Int] = []
      for child in rule.mentions where !asked.contains(child) {
        if outline.children[child].capabilities.contains(operation.capability) { asked.append(child) }
      }
      let trees = asked.map { child in
        TimingTree(
          outline.children[child], operation, kind, leaves, at: path + [child],
          isStamped: isStamped || stamps, isOrdered: isOrdered || outline.marks.contains(.stamping))
      }
      guard let first = asked.first else { return .never }
      if rule == .child(first), trees.count == 1 { return trees[0] }
      return .many(rule.replacing { child in asked.firstIndex(of: child).map(Rule.child) ?? .never }, course, trees)
    }
    self = tree(operation)
    // A record that was stamped above keeps its stamp, and nobody is asked for a newer one.
    if stamps && outline.asksHere(kind)
      || operation == .writes && !isStamped && !outline.marks.contains(.replicating) && access.readsBeforeWriting
    {
      self = .then(tree(.reads), self)
    }
    if let limit = outline.timeout { self = .limited(limit / .nanoseconds(1), self) }
  }
}

extension Analysis.Operation {
  var capability: Capabilities { self == .reads ? .get : .put }
}
