import MetaDriver

extension Planner {
  /// What a node with several children does.
  func composite(_ node: Outline, _ call: Call) -> Conduct {
    switch node.kind {
    case "Overlay" where node.children.count == 2: overlay(node, call)
    case "Migrating" where node.children.count == 2: migration(node, call)
    default:
      switch call.operation {
      case .get: reads(node, call)
      case .list: lists(node, call)
      case .put, .compareAndPut: writes(node, call)
      case .delete: node.marks.contains(.stamping) ? writes(node, call) : deletes(node, call)
      }
    }
  }

  /// Whom a node asks, in which order, and what it says of each.
  struct Asked {
    /// In the order in which they are asked.
    var order: [Int]
    var roles: [String?]
    /// Whether there are enough for the operation to succeed.
    var isEnough = true

    func parts(_ call: Call) -> [(call: Call?, role: String?)] {
      roles.indices.map { (order.contains($0) ? call : nil, roles[$0]) }
    }
  }

  /// Of the children that a rule concerns, those that can be asked.
  private func asked(_ node: Outline, _ rule: Rule, _ needed: Capabilities, _ course: Course) -> Asked {
    let labels = node.labelsOfChildren
    var asked = Asked(order: [], roles: node.children.map { _ in nil })
    let members = members(rule)
    for index in members {
      let lacks = !node.children[index].capabilities.isSuperset(of: needed)
      if lacks {
        asked.roles[index] = "not asked, it has no \(needed)"
      } else if node.heedsOmissions, options.omitting.contains(labels[index]) {
        asked.roles[index] = "not asked, the caller left it out"
      } else {
        asked.order.append(index)
      }
    }
    for index in node.children.indices where !members.contains(index) {
      asked.roles[index] = "not asked, " + absence(node, index, needed)
    }
    asked.isEnough = rule.holds { asked.order.contains($0) }
    if asked.order.count > 1 { setTurns(&asked, course) }
    return asked
  }

  private func setTurns(_ asked: inout Asked, _ course: Course) {
    for (turn, index) in asked.order.enumerated() {
      switch course.order {
      case .concurrent: break
      case .sequential: asked.roles[index] = turn == 0 ? "first" : "then"
      case .hedged(let delay): asked.roles[index] = turn == 0 ? "at once" : "after \((delay * turn).plainText)"
      }
    }
    // Three and more need their numbers, because the order need not be that of the tree.
    guard case .sequential = course.order, asked.order.count > 2 else { return }
    for (turn, index) in asked.order.enumerated() { asked.roles[index] = "turn \(turn + 1)" }
  }

  /// Why a child has no part in an operation.
  private func absence(_ node: Outline, _ index: Int, _ needed: Capabilities) -> String {
    guard node.children[index].capabilities.isSuperset(of: needed) else { return "it has no \(needed)" }
    let other = node.access(for: kind == .mutable ? .immutable : .mutable)
    let isForOther = other.map { $0.read.mentions.contains(index) || $0.write.mentions.contains(index) } ?? false
    return isForOther ? "it is for \(kind == .mutable ? "immutable" : "mutable") data" : "it has no part in this"
  }

  /// How the children are asked: nothing where there is only one.
  private func order(_ asked: Asked, _ verb: String, _ course: Course) -> String? {
    let count = asked.order.count
    guard count > 1 else { return nil }
    switch course.order {
    case .concurrent: return "\(verb) \(count) at once"
    case .sequential: return "\(verb) one after the other"
    case .hedged(let delay): return "\(verb) one, and after every \(delay.plainText) one more"
    }
  }

  private func shortage(_ node: Outline, _ rule: Rule) -> String {
    "fails before any driver is asked: it needs \(Self.text(rule, node.labelsOfChildren))"
  }

  // MARK: Reads

  private func reads(_ node: Outline, _ call: Call) -> Conduct {
    guard let access = node.access(for: kind) else { return Conduct(parts: node.children.map { _ in (nil, nil) }) }
    let asked = asked(node, access.read, .get, access.readCourse)
    guard !asked.order.isEmpty else {
      return Conduct(steps: [shortage(node, access.read)], parts: asked.parts(call))
    }
    let isDigest = node.kind == "Quorum" && node.parameter("reads") == "digest first"
    var steps: [String] = []
    if isDigest, asked.order.count > 1 {
      steps.append("asks the first for its copy, the others for their stamps, at once")
    } else if let order = order(asked, call.verb, access.readCourse) {
      steps.append(order)
    }
    steps += answers(node, access, asked)
    if node.marks.contains(.ranking), asked.order.count > 1 { steps += repairs(node) }
    return Conduct(steps: steps, parts: asked.parts(call))
  }

  private func answers(_ node: Outline, _ access: Access, _ asked: Asked) -> [String] {
    guard asked.isEnough else {
      return ["cannot succeed: it needs \(Self.text(access.read, node.labelsOfChildren))"]
    }
    guard asked.order.count > 1 else { return [] }
    let needed = Self.text(access.read, node.labelsOfChildren)
    if node.marks.contains(.ranking) {
      let wait = access.readCourse.awaitsAll ? "waits for all, of which \(needed) must answer" : "waits for \(needed)"
      return ["\(wait), and gives the newest copy"]
    }
    guard access.read.needsOne else {
      return [access.readCourse.awaitsAll ? "waits for all, of which it needs \(needed)" : "waits for \(needed)"]
    }
    switch access.readCourse.order {
    case .sequential:
      let isStrict = node.kind == "FirstSuccess" && node.parameter("on miss") == "stop"
      return ["gives the first copy; goes on after an error" + (isStrict ? ", and not after a miss" : " or a miss")]
    case .concurrent, .hedged: return ["gives the first copy, and cancels the others"]
    }
  }

  private func repairs(_ node: Outline) -> [String] {
    var steps: [String] = []
    if node.marks.contains(.writingBack) {
      steps.append("puts it back before it answers, until as many hold it as a write needs")
    }
    switch node.parameter("repair") ?? (node.kind == "Quorum" || node.kind == "Replicated" ? "background" : "") {
    case "background": steps.append("brings those that lag up to date, in the background")
    case "blocking": steps.append("brings those that lag up to date before it answers")
    default: break
    }
    return steps
  }

  private func lists(_ node: Outline, _ call: Call) -> Conduct {
    let access = node.access(for: kind)
    let everybody = members(access?.read).isEmpty ? Array(node.children.indices) : members(access?.read)
    let asked = asked(node, .any(everybody.map(Rule.child)), .list, .concurrent)
    let silent = everybody.filter { !asked.order.contains($0) && node.children[$0].capabilities.contains(.get) }
    guard !asked.order.isEmpty else {
      return Conduct(steps: [shortage(node, .any(everybody.map(Rule.child)))], parts: asked.parts(call))
    }
    var steps = [order(asked, call.verb, .concurrent)].compactMap(\.self)
    if asked.order.count > 1 || !silent.isEmpty { steps.append("merges their pages") }
    if node.marks.contains(.ranking), let read = access?.read {
      steps.append("the page is complete once \(Self.text(read, node.labelsOfChildren)) have listed in full")
    } else if !silent.isEmpty {
      let names = silent.map { node.labelsOfChildren[$0] }.joined(separator: ", ")
      steps.append("the page is incomplete: \(names) may hold keys that nobody lists")
    } else if asked.order.count > 1 {
      steps.append("the page is incomplete where one does not answer")
    }
    return Conduct(steps: steps, parts: asked.parts(call))
  }

  // MARK: Writes

  private func writes(_ node: Outline, _ call: Call) -> Conduct {
    guard let access = node.access(for: kind) else { return Conduct(parts: node.children.map { _ in (nil, nil) }) }
    var inner = call
    let stamps = stamping(node, call, &inner)
    var asked = asked(node, access.write, inner.needed, access.writeCourse)
    guard asked.isEnough else {
      return Conduct(
        steps: [shortage(node, access.write)], parts: asked.roles.map { (nil, $0 ?? "not asked") })
    }
    for index in asked.order where node.children[index].isTacitlyRequired && !access.write.needsAll(of: asked.order) {
      asked.roles[index] = [asked.roles[index], "required"].compactMap(\.self).joined(separator: ", ")
    }
    var steps: [String] = []
    let asks =
      node.marks.contains(.replicating)
      ? node.stampsHere(kind, isOrdered: call.isOrdered) && node.asksHere(kind) : access.readsBeforeWriting
    if asks, !call.isStamped {
      steps.append("first reads: waits for \(Self.text(access.read, node.labelsOfChildren))")
    }
    steps += stamps
    if let order = order(asked, inner.verb, access.writeCourse) { steps.append(order) }
    steps += acknowledgements(node, access.write, access.writeCourse, asked)
    return Conduct(steps: steps, parts: asked.parts(inner))
  }

  private func acknowledgements(_ node: Outline, _ rule: Rule, _ course: Course, _ asked: Asked) -> [String] {
    guard asked.order.count > 1 else { return [] }
    let needed = Self.text(rule, node.labelsOfChildren)
    if rule.needsOne, case .sequential = course.order, !course.awaitsAll {
      return ["holds with the first that accepts; goes on after an error"]
    }
    var steps = [course.awaitsAll ? "waits for all, and holds with \(needed)" : "holds with \(needed)"]
    let remainder = node.parameter("remainder") ?? (["Quorum", "Replicated"].contains(node.kind) ? "background" : "")
    if remainder.hasPrefix("handoff to ") {
      steps.append("queues in \(remainder.dropFirst("handoff to ".count)) what the others do not take")
    } else if !course.awaitsAll, !rule.needsAll(of: asked.order) {
      switch remainder {
      case "background": steps.append("the others go on in the background")
      case "cancel": steps.append("the others are cancelled")
      default: break
      }
    }
    return steps
  }

  /// A delete in a tree without tombstones: one copy left would come back.
  private func deletes(_ node: Outline, _ call: Call) -> Conduct {
    let access = node.access(for: kind)
    let concerned = members(.all([access?.read, access?.write].compactMap(\.self))).sorted()
    let course: Course =
      node.kind == "FirstSuccess" || access == nil
      ? .concurrent : access?.writeCourse.order == .sequential ? .sequential.awaitingAll : .concurrent
    let able = concerned.filter { node.children[$0].capabilities.contains(.delete) }
    let labels = node.labelsOfChildren
    let omitted = able.filter { node.heedsOmissions && options.omitting.contains(labels[$0]) }
    var asked = asked(node, .all(able.map(Rule.child)), .delete, course)
    for index in concerned where !able.contains(index) {
      asked.roles[index] = "not asked, it can neither be read nor deleted from"
    }
    guard omitted.isEmpty else {
      return Conduct(
        steps: [shortage(node, .all(able.map(Rule.child)))], parts: asked.roles.map { (nil, $0 ?? "not asked") })
    }
    var steps = [order(asked, call.verb, course)].compactMap(\.self)
    if asked.order.count > 1 {
      steps.append(
        "holds with \(Self.text(.all(able.map(Rule.child)), labels)), or a copy that is left would come back")
    }
    return Conduct(steps: steps, parts: asked.parts(call))
  }

  // MARK: Two trees

  private func overlay(_ node: Outline, _ call: Call) -> Conduct {
    var inner = call
    let stamps = stamping(node, call, &inner)
    let look = call.asking(.get)
    switch call.operation {
    case .get:
      return Conduct(
        steps: ["gives the upper copy, or tombstone; asks below where there is none"],
        parts: [(call, "first"), (call, "where nothing is above")])
    case .list:
      return Conduct(
        steps: ["merges both pages: what is above hides what is below"], parts: [(call, "first"), (call, "then")])
    case .put: return Conduct(steps: stamps, parts: [(inner, nil), (nil, "not asked, it is never written")])
    case .delete:
      return Conduct(
        steps: ["looks whether there is anything to delete"] + stamps,
        parts: [(inner, "read first, then written"), (look, "read where nothing is above, never written")])
    case .compareAndPut:
      return Conduct(
        steps: ["reads above, and below where there is nothing", "copies up what it finds below"] + stamps,
        parts: [(inner, "read first, then written"), (look, "read where nothing is above, never written")])
    }
  }

  private func migration(_ node: Outline, _ call: Call) -> Conduct {
    var inner = call
    let stamps = stamping(node, call, &inner)
    guard call.isWrite else {
      return Conduct(
        steps: ["asks the side that reads use in this phase, which the state tells"],
        parts: [(call, "until reads are switched"), (call, "once reads are switched")])
    }
    return Conduct(
      steps: stamps + ["writes both sides while data moves, the one that reads use last; the state tells the phase"],
      parts: [(inner, "until the old side is retired"), (inner, "once the migration has begun")])
  }
}
