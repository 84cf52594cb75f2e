/// The checks of a tree when it is composed. They read its outline, and run nothing.
struct TreeChecks {
  let outline: Outline
  let leaves: [LeafPlace]
  /// The stores that writes reach.
  private let written: Set<String>

  init(_ outline: Outline) {
    self.outline = outline
    written = outline.writtenStores(.mutable)
    leaves = outline.leaves
  }

  /// Every remark on the tree, errors first.
  ///
  /// - Parameter isPublished: Whether other clients are meant to see what is written.
  func remarks(isPublished: Bool) -> [Remark] {
    var remarks: [Remark] = []
    visit(outline, path: [outline.component], ancestors: [], composite: nil, into: &remarks)
    if isPublished, let remark = notPublished() { remarks.append(remark) }
    if !remarks.contains(where: { $0.severity == .error }) {
      if let remark = missedWrites(isPublished: isPublished) { remarks.append(remark) }
      if isPublished, let remark = blindLeaves() { remarks.append(remark) }
    }
    return remarks.filter { $0.severity == .error } + remarks.filter { $0.severity == .warning }
  }

  private func visit(
    _ node: Outline, path: [String], ancestors: [String], composite: Outline?, into remarks: inout [Remark]
  ) {
    func add(_ remark: Remark) {
      var remark = remark
      remark.path = path
      remarks.append(remark)
    }
    for remark in node.remarks { add(remark) }
    if let remark = namesakes(in: node) { add(remark) }
    if let remark = switchedOff(by: node) { add(remark) }
    if let remark = neverWritten(in: node) { add(remark) }
    if let remark = queueAmongData(of: node) { add(remark) }
    if let remark = hiddenWrites(below: node) { add(remark) }
    var ancestors = ancestors
    if let identity = node.leaf?.identity {
      guard !ancestors.contains(identity) else {
        add(Remark(.error, "the tree contains itself: \(identity) stands below itself", mend: "Break the cycle"))
        return
      }
      ancestors.append(identity)
    }
    if node.children.count > 1 {
      if let remark = sharedLeaf(in: node) { add(remark) }
      if let remark = sharedDomain(in: node) { add(remark) }
    }
    if node.kind == "Required", composite.map({ $0.kind == "FirstSuccess" || $0.kind == "ByKind" }) ?? true {
      add(
        Remark(
          .warning, "Required says nothing here: no Replicated or Quorum stands directly above it",
          mend: "Move it to a child of Replicated or Quorum, or leave it out"))
    }
    if node.kind == "Verified", let below = node.children.first?.firstComposite, below.kind != "ByKind" {
      add(
        Remark(
          .warning, "one bad copy ends the search of the \(below.kind) below",
          mend: "Put Verified around each child of \(below.kind) instead"))
    }
    let nearest = node.isModifier ? composite : node
    var seen: [String: Int] = [:]
    for child in node.children {
      seen[child.component, default: 0] += 1
      let count = seen[child.component] ?? 1
      let component = count == 1 ? child.component : "\(child.component)#\(count)"
      visit(child, path: path + [component], ancestors: ancestors, composite: nearest, into: &remarks)
    }
  }

  /// Two children of a node that counts its children, which are one store.
  private func sharedLeaf(in node: Outline) -> Remark? {
    guard node.mutable.map({ $0.write.counts || $0.read.counts }) ?? false else { return nil }
    var owners: [String: String] = [:]
    for child in node.children {
      for leaf in child.leaves {
        if let owner = owners[leaf.identity] {
          let reason =
            owner == leaf.label && child.label == leaf.label
            ? "\(owner) stands here twice, so it would be counted twice"
            : owner == leaf.label || child.label == leaf.label
              ? "\(owner) and \(child.label) are the same store, so it would be counted twice"
              : "\(leaf.label) stands below \(owner) and below \(child.label), so it would be counted twice"
          let mend = "Leave one of them out, or give each a store of its own"
          return Remark(
            .error, reason,
            mend: node.kind == "Quorum" ? mend + "; weighted: true gives a child two votes" : mend)
        }
      }
      for leaf in child.leaves { owners[leaf.identity] = child.label }
    }
    return nil
  }

  /// A node that counts its children, which all fail together.
  private func sharedDomain(in node: Outline) -> Remark? {
    guard node.mutable?.write.counts ?? false else { return nil }
    let domains = Set(node.leaves.map(\.domain))
    guard domains.count == 1, let domain = domains.first ?? nil else { return nil }
    return Remark(
      .warning, "all copies are in one failure domain, \(domain)", mend: "Put at least one of them elsewhere")
  }

  /// Children of one node that its author called by one name.
  private func namesakes(in node: Outline) -> Remark? {
    var seen: Set<String> = []
    guard let name = node.children.compactMap(\.givenName).first(where: { !seen.insert($0).inserted }) else {
      return nil
    }
    return Remark(
      .warning, "several children are called \(name): reports call the second \(name)#2",
      mend: "Give each a name of its own")
  }

  /// Children whose copies a node compares with those that it writes, and that it never writes itself.
  private func neverWritten(in node: Outline) -> Remark? {
    guard node.marks.isSuperset(of: [.ranking, .counting]) else { return nil }
    let names = node.children.filter { $0.capabilities.contains(.get) && !$0.capabilities.contains(.put) }.map(\.label)
    guard !names.isEmpty else { return nil }
    let list = names.joined(separator: ", ")
    return Remark(
      .warning,
      "\(list) is read and never written: what others write there tells no write here what it must rank above, and can be "
        + "answered in place of newer data",
      mend:
        "Put it below: Overlay { the other drivers } over: { \(list) }, unless it is a mirror of them and nothing else")
  }

  /// Stores whose copies are hidden by what is above them, and that another node of the tree writes.
  private func hiddenWrites(below node: Outline) -> Remark? {
    let hidden = node.hiddenWrites(.mutable, written)
    guard !hidden.isEmpty else { return nil }
    return Remark(
      .warning,
      "\(hidden.joined(separator: ", ")) is written elsewhere in the tree, and \(node.component) hides what is there behind "
        + "older copies above",
      mend: "Give \(node.component) a lower tree of its own, which nobody writes")
  }

  /// A queue that is kept in a store of the tree, beside the data.
  private func queueAmongData(of node: Outline) -> Remark? {
    guard !node.remarks.contains(where: { $0.severity == .error }) else { return nil }
    guard let store = leaves.first(where: { node.queueStores.contains($0.identity) }) else { return nil }
    return Remark(
      .warning,
      "the handoff journal is kept on \(store.label), which is a store of the tree: lists show what the journal keeps, and "
        + "what repairs or moves the data takes it along",
      mend: "Keep the journal on a driver of its own, such as another folder or prefix")
  }

  /// A promise of a node below that this node does not let through.
  private func switchedOff(by node: Outline) -> Remark? {
    guard node.children.count > 1 || node.marks.contains(.queueing) else { return nil }
    let readers = Set(node.mutable?.read.mentions ?? []).filter { node.children[$0].capabilities.contains(.get) }
    for child in node.children {
      if node.choosesAnswers, readers.count > 1, let session = child.nearest([.readYourWrites, .monotonicReads]) {
        return Remark(
          .error,
          "\(node.component) takes the answers of several children, so \(session.component) below it promises nothing",
          mend: "Put \(session.kind) above \(node.kind)")
      }
      if node.marks.contains(.queueing), let session = child.passing([.readYourWrites, .monotonicReads]) {
        return Remark(
          .error,
          "\(node.component) answers with what it has queued, and sends it past \(session.component) below, which promises "
            + "nothing so",
          mend: "Put \(session.kind) above \(node.kind)")
      }
      if node.marks.contains(.queueing), let atomic = child.passing(.writingBack) {
        return Remark(
          .error,
          "\(node.component) answers with what it has queued, so the atomic reads of \(atomic.component) go back",
          mend: "Queue in the \(atomic.kind) instead: remainder: .handoff(journal)")
      }
      if node.marks.contains(.queueing), let ranking = child.nearest(.ranking) {
        return Remark(
          .warning,
          "\(node.component) answers with what it has queued when \(ranking.component) does not, so a client may read its own "
            + "write after a newer one was acknowledged",
          mend: "Queue in the \(ranking.kind) instead: remainder: .handoff(journal)")
      }
    }
    return nil
  }
}

extension Rule {
  /// Whether the rule needs several children at once.
  fileprivate var counts: Bool {
    switch self {
    case .child: false
    case .all(let rules): rules.count > 1 || rules.contains(where: \.counts)
    case .any(let rules): rules.contains(where: \.counts)
    case .atLeast(let needed, let rules): needed > 1 || rules.contains(where: \.counts)
    }
  }
}

extension Outline {
  /// The name that its author gave the node, or what it modifies.
  fileprivate var givenName: String? { name ?? (isModifier ? children[0].givenName : nil) }

  /// The nearest node with one of the marks, from this one down to the first with several children.
  fileprivate func nearest(_ wanted: Marks) -> Outline? {
    if !marks.isDisjoint(with: wanted) { return self }
    return children.count == 1 ? children[0].nearest(wanted) : nil
  }

  /// The first node with one of the marks on the way down to where answers are chosen, through nodes that pass on what one
  /// of their children says.
  fileprivate func passing(_ wanted: Marks) -> Outline? {
    if !marks.isDisjoint(with: wanted) { return self }
    guard children.count == 1 || !choosesAnswers else { return nil }
    return children.lazy.compactMap { $0.passing(wanted) }.first
  }

  /// Whether the node takes the answers of several children.
  fileprivate var choosesAnswers: Bool { marks.contains(.replicating) || kind == "FirstSuccess" }

  /// The nearest node with several children, going down.
  fileprivate var firstComposite: Outline? {
    children.count > 1 ? self : children.first?.firstComposite
  }
}
