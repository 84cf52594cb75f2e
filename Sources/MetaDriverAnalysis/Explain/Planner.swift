import MetaDriver

/// Works out plans from outlines. Pure.
struct Planner {
  let outline: Outline
  let operation: Plan.Operation
  let kind: Key.Kind
  let options: CallOptions

  init(_ outline: Outline, _ operation: Plan.Operation, _ kind: Key.Kind, _ options: CallOptions) {
    (self.outline, self.operation, self.kind, self.options) = (outline, operation, kind, options)
  }

  /// What a call meets on its way down.
  struct Call {
    var operation: Plan.Operation
    /// Whether a node above has stamped what is written.
    var isStamped = false
    /// Whether a node above wants the record in order, and has left the stamp to those below.
    var isOrdered = false
    /// Whether a put carries a tombstone.
    var isTombstone = false
    /// The smallest of the time limits above; `nil` for none.
    var limit: Duration?

    var isWrite: Bool { operation != .get && operation != .list }
    /// What the node is asked for, as its steps call it.
    var verb: String {
      switch operation {
      case .get, .list: "asks"
      case .put: isTombstone ? "puts the tombstone to" : "puts to"
      case .compareAndPut: "puts to, under the condition,"
      case .delete: "deletes at"
      }
    }
    var needed: Capabilities {
      switch operation {
      case .get: .get
      case .put: .put
      case .compareAndPut: .compareAndPut
      case .delete: .delete
      case .list: .list
      }
    }
    func asking(_ operation: Plan.Operation) -> Call {
      var call = self
      call.operation = operation
      return call
    }
  }

  /// What a node does, and what that means for its children.
  struct Conduct {
    var steps: [String] = []
    /// Each child: what it is asked, `nil` for one that is not, and what is to be said of that.
    var parts: [(call: Call?, role: String?)] = []
  }

  func plan(of strategy: String?, _ key: Key?) -> Plan {
    var steps: [String] = []
    let call = Call(operation: operation, limit: options.timeout)
    if let limit = options.timeout {
      steps.append("answers within \(limit.plainText)" + (operation.isWrite ? ": what is under way then goes on" : ""))
    }
    let refusal =
      options.omitting.isEmpty
      ? nil : Omissions(options.omitting).refusal(of: call.needed, on: kind, in: outline)
    if let refusal { steps.append("is refused: \(refusal.reason)") }
    if !operation.isWrite, operation != .list {
      if let minimum = options.minimum { steps.append("takes no copy older than \(minimum)") }
      if let maximum = options.maximum { steps.append("takes only copies older than \(maximum)") }
    }
    let urls = kind == .immutable && operation == .get ? options.hints[LocationsHint.self] ?? [] : []
    if !urls.isEmpty {
      steps.append("asks first for the \(urls.count) \(urls.count == 1 ? "URL" : "URLs") of the hint")
    }
    if kind == .immutable, operation == .get { steps.append("checks the answer against the hash once more") }
    return Plan(
      strategy: strategy, operation: operation, kind: kind, key: key, steps: steps,
      root: node(outline, call, role: nil, isAsked: refusal == nil))
  }

  private func node(_ outline: Outline, _ call: Call?, role: String?, isAsked: Bool) -> Plan.Node {
    guard let call, isAsked else {
      return Plan.Node(
        title: outline.line, isAsked: false, role: role, steps: [],
        children: outline.children.map { node($0, nil, role: nil, isAsked: false) })
    }
    guard outline.capabilities.isSuperset(of: call.needed) else {
      return Plan.Node(
        title: outline.line, isAsked: true, role: role, steps: [refusal(outline, call)],
        children: outline.children.map { node($0, nil, role: nil, isAsked: false) })
    }
    guard !outline.children.isEmpty else {
      let note = leafNote(outline, call)
      return Plan.Node(
        title: outline.line, isAsked: true, role: role, steps: note.map { [$0] } ?? [], children: [])
    }
    let conduct = outline.isModifier ? modifier(outline, call) : composite(outline, call)
    let children = zip(outline.children, conduct.parts).map { child, part in
      node(child, part.call, role: part.role, isAsked: part.call != nil)
    }
    return Plan.Node(title: outline.line, isAsked: true, role: role, steps: conduct.steps, children: children)
  }

  private func refusal(_ outline: Outline, _ call: Call) -> String {
    let labels = outline.labelsOfChildren
    let culprits = outline.children.indices.filter { !outline.children[$0].capabilities.isSuperset(of: call.needed) }
    let reason =
      outline.withheldReason(call.needed).map { ": \($0)" }
      ?? (culprits.isEmpty ? "" : ", because \(culprits.map { labels[$0] }.joined(separator: ", ")) has none")
    return "refuses: it has no \(call.needed)\(reason)"
  }

  /// What orders the writes of a leaf.
  private func leafNote(_ leaf: Outline, _ call: Call) -> String? {
    guard call.isWrite, let ordering = leaf.leaf?.ordering else { return nil }
    switch ordering {
    case .fifo: return "writes of one key take turns"
    case .newestWins: return call.isStamped ? "keeps the newest by its stamp" : nil
    case .none: return "writes of one key may overtake each other"
    }
  }

  /// The children that have a part in reads, or in writes, of this kind of data.
  func members(_ rule: Rule?) -> [Int] {
    var members: [Int] = []
    for index in rule?.mentions ?? [] where !members.contains(index) { members.append(index) }
    return members
  }
}

extension Plan.Operation {
  /// Whether it changes anything.
  var isWrite: Bool { self != .get && self != .list }
}

extension Outline {
  /// Whether a caller may leave out children of this node.
  var heedsOmissions: Bool { !isModifier && marks.contains(.omitting) }

  /// Whether it must accept a write, and its first line does not say so.
  var isTacitlyRequired: Bool { marks.contains(.required) && kind != "Required" }

  /// The value of a parameter.
  func parameter(_ name: String) -> String? { parameters.first { $0.name == name }?.value }
}
