import MetaDriver

extension Planner {
  /// What a node with one child does before and after it asks the child.
  func modifier(_ node: Outline, _ call: Call) -> Conduct {
    var steps: [String] = []
    var inner = call
    if let limit = node.timeout {
      if let above = call.limit, above <= limit {
        steps.append("its \(limit.plainText) never pass: what is above answers within \(above.plainText)")
      } else {
        steps.append("fails after \(limit.plainText)" + (call.isWrite ? ": what is under way then goes on" : ""))
        inner.limit = limit
      }
    }
    steps += stamping(node, call, &inner)
    switch node.kind {
    case "HintedHandoff": steps += handoff(node, inner)
    case "Verified": if let step = verification(node, call) { steps.append(step) }
    default: break
    }
    if let step = session(node, call) { steps.append(step) }
    return Conduct(steps: steps, parts: [(inner, nil)])
  }

  /// The stamp that a node gives to what is written, and the tombstone that a delete becomes by it.
  func stamping(_ node: Outline, _ call: Call, _ inner: inout Call) -> [String] {
    guard call.isWrite, node.marks.contains(.stamping) || node.stampsHere(kind, isOrdered: call.isOrdered) else {
      return []
    }
    let isDelete = call.operation == .delete
    if isDelete { (inner.operation, inner.isTombstone) = (.put, true) }
    guard !call.isStamped else { return [] }
    inner.isOrdered = true
    guard node.stampsHere(kind, isOrdered: call.isOrdered) else {
      return [isDelete ? "makes a tombstone, to be stamped below" : "leaves the stamp to the nodes below"]
    }
    inner.isStamped = true
    let stamps = isDelete ? "makes a tombstone and stamps it" : "stamps the record"
    return node.isModifier && node.asksHere(kind) ? ["first reads", stamps] : [stamps]
  }

  private func handoff(_ node: Outline, _ call: Call) -> [String] {
    let journal = node.parameter("journal") ?? "its journal"
    switch call.operation {
    case .get: return ["looks for a queued write in \(journal), and gives the newer copy"]
    case .list: return ["adds what is queued in \(journal)"]
    default: return ["queues in \(journal) what the child does not take"]
    }
  }

  private func verification(_ node: Outline, _ call: Call) -> String? {
    let extra = node.parameter("") ?? ""
    let checksData = kind == .immutable || extra.contains("signatures")
    let proof = kind == .immutable ? "hash" : "signature"
    switch call.operation {
    case .get: return checksData ? "fails where the copy does not match its \(proof)" : nil
    case .put where call.isTombstone, .delete:
      return extra.contains("deletions") ? "checks the proof of the deletion first" : nil
    case .put, .compareAndPut: return checksData ? "checks the \(proof) first" : nil
    case .list: return nil
    }
  }

  /// What a node that keeps a session does for it.
  private func session(_ node: Outline, _ call: Call) -> String? {
    let own = node.marks.contains(.readYourWrites)
    guard own || node.marks.contains(.monotonicReads) else { return nil }
    let place = node.parameter("journal").map { " on \($0)" } ?? ""
    switch call.operation {
    case .list: return "adds what the session has written"
    case .put, .compareAndPut, .delete: return "remembers the write\(place), once it is acknowledged"
    case .get: break
    }
    let floor = own ? "what this session has written" : "what this session has read or written"
    if options.acceptsStale { return "takes a copy older than \(floor), as the caller accepts that" }
    let policy = node.parameter("on stale") ?? (own ? "serve own copy" : "")
    let remedy =
      switch policy {
      case "serve own copy": "serves the session's own copy"
      case "widen": "asks every child below"
      case "fail": "fails"
      case let wait where wait.hasPrefix("wait"): "asks again, and \(wait.replacing("wait", with: "waits"))"
      default: "looks further"
      }
    return "where the copy is older than \(floor), \(remedy)"
  }
}
