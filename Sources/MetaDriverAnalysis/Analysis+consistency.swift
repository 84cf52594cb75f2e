import MetaDriver

/// What readers see of writes, and on what that rests.
extension Analysis {
  /// Whether a read that overlaps no write gives the last acknowledged one or a later one, whoever wrote it.
  public var regular: Guarantee {
    let othersWrites = othersWrites
    guard othersWrites.holds else { return othersWrites }
    if let culprit = disorderOfReads ?? hiddenWrites ?? blindChoice { return culprit }
    return resting(
      Guarantee(
        .yes,
        leaves.count == 1 ? "there is one copy" : "every read asks a leaf that has the last write, and takes its copy"))
  }

  /// Whether, besides, nobody reads the old value any more after anybody has read the new one.
  public var atomic: Guarantee {
    let regular = regular
    guard regular.holds else { return regular }
    guard facts.writesBack != true else {
      return resting(Guarantee(.yes, "a read makes sure that every later one finds at least its copy"))
    }
    guard leaves.count > 1 else {
      return isSentTwice ?? resting(Guarantee(.yes, "there is one copy"))
    }
    let diverging: (with: [Int], without: [Int], leaf: Int)?
    do throws(Rule.Unsearchable) { diverging = try divergingReads() } catch {
      return Guarantee(.unknown, Self.bound(leaves.count))
    }
    guard let (asked, others, leaf) = diverging else {
      return Guarantee(
        .unknown,
        "every read asks the same leaves, and a write that meets another one is sent again: it may be seen, then "
          + "the other, and then the first again")
    }
    return Guarantee(
      .no, "while a write is under way, one read may give the new value, and the next one the old",
      Witness(parts: [
        Witness.Part(sentence: "a write has reached %", names: [leaves[leaf].label]),
        Witness.Part(sentence: "one read asks %", names: names(asked)),
        Witness.Part(sentence: "the next asks %", names: names(others)),
      ]))
  }

  /// Whether a session never misses its own acknowledged writes.
  public var readYourWrites: Guarantee {
    if !facts.session.isDisjoint(with: [.readYourWrites, .monotonicReads]) {
      return ofSession("what it wrote, a session reads")
    }
    let ownWrites = ownWrites
    guard ownWrites.holds else { return ownWrites }
    // A queue gives its own client nothing older than what was acknowledged: that took the older entry away.
    if let culprit = disorderOfReads ?? hiddenWrites ?? blindChoice { return culprit }
    return resting(Guarantee(.yes, "every read asks a leaf that has the write, and takes its copy"))
  }

  /// Whether the reads of a session never go back.
  public var monotonicReads: Guarantee {
    if facts.session.contains(.monotonicReads) { return ofSession("what it read, a session keeps") }
    guard disorderOfReads == nil, facts.behindQueues.isEmpty, Set(formula(.reads).mentions).count == 1 else {
      return atomic
    }
    return isSentTwice ?? resting(Guarantee(.yes, "there is one copy that is read"))
  }

  /// A tree that sends a write to one leaf more than once: what is stored the first time may be seen before the second time
  /// meets something newer, and the write is sent again.
  private var isSentTwice: Guarantee? {
    guard outline.writtenPlaces(kind) > outline.writtenStores(kind).count else { return nil }
    return Guarantee(
      .unknown,
      "a leaf that stands in the tree twice is written twice: a write may be seen, then another, and "
        + "then the first again")
  }

  private func ofSession(_ reason: String) -> Guarantee {
    var guarantee = Guarantee(.yes, reason)
    guarantee.restsOn = [facts.journal.map(Basis.journal) ?? .session] + facts.order
    return guarantee
  }

  func resting(_ guarantee: Guarantee) -> Guarantee {
    var guarantee = guarantee
    if !facts.inOneProcess.isEmpty { guarantee.restsOn.append(.orderedPuts(facts.inOneProcess)) }
    guarantee.restsOn += facts.order
    return guarantee
  }

  /// Leaves at which a late old put replaces a newer one, unless every read meets every write elsewhere.
  var disorder: Guarantee? {
    guard !facts.unordered.isEmpty else { return nil }
    func withoutThem(_ rule: Rule) -> Rule {
      rule.replacing { facts.unordered.contains(leaves[$0].label) ? .always : .child($0) }
    }
    if facts.isRanked, let write = TruthTable(withoutThem(formula(.writes)), memberCount: leaves.count),
      let read = TruthTable(withoutThem(formula(.reads)), memberCount: leaves.count),
      write.disjoint(from: read) == nil
    {
      return nil
    }
    return Guarantee(
      .no, "a late old put can replace a newer one, because nothing keeps puts in order",
      Witness(parts: [Witness.Part(sentence: "put to % late", names: facts.unordered)]))
  }

  /// The same, where readers look.
  private var disorderOfReads: Guarantee? {
    let isRead = formula(.reads).mentions.contains { facts.unordered.contains(leaves[$0].label) }
    return isRead ? disorder : nil
  }

  /// A node behind which copies stand that others write, and that it does not compare with its own.
  var hiddenWrites: Guarantee? {
    facts.hiding.map { Guarantee(.unknown, "\($0) hides stores that other nodes write") }
  }

  /// A node of which nobody knows which copy it takes.
  private var blindChoice: Guarantee? {
    facts.blindReaders.first.map { Guarantee(.unknown, "\($0) does not say which of several copies a read gives") }
  }

  /// A leaf that is written, with leaves for a read that it is one of, and for another that it is none of.
  private func divergingReads() throws(Rule.Unsearchable) -> (with: [Int], without: [Int], leaf: Int)? {
    guard let reads = table(.reads), let writes = table(.writes) else {
      let (read, write) = (formula(.reads), formula(.writes))
      guard read.isReadOnce, write.isReadOnce else { throw Rule.Unsearchable() }
      let written = Set(write.mentions)
      for leaf in read.mentions where written.contains(leaf) {
        let without = read.replacing { $0 == leaf ? .never : .child($0) }.smallestSet
        if let without, let with = read.smallestSet(with: leaf) { return (with, without, leaf) }
      }
      return nil
    }
    for leaf in leaves.indices {
      let bit = UInt32(1) << UInt32(leaf)
      guard let without = reads.smallestSet(where: { $0 & bit == 0 }),
        let with = reads.smallestSet(where: { $0 & bit != 0 && !reads[$0 & ~bit] }),
        writes.smallestSet(where: { $0 & bit != 0 && !writes[$0 & ~bit] }) != nil
      else { continue }
      return (members(with), members(without), leaf)
    }
    return nil
  }
}

extension Outline {
  /// How many leaves are written, each as often as it stands in the tree.
  fileprivate func writtenPlaces(_ kind: Key.Kind) -> Int {
    guard let access = access(for: kind), !children.isEmpty else { return capabilities.contains(.put) ? 1 : 0 }
    return Set(access.write.mentions).reduce(0) { $0 + children[$1].writtenPlaces(kind) }
  }
}

extension Rule {
  /// A smallest set that is enough and has a member that it cannot do without, where no member stands in the rule twice.
  fileprivate func smallestSet(with member: Int) -> [Int]? {
    func among(_ needed: Int, _ parts: [Rule]) -> [Int]? {
      for (index, part) in parts.enumerated() {
        guard let own = part.smallestSet(with: member) else { continue }
        var others = parts
        others.remove(at: index)
        return Rule.atLeast(needed - 1, others).smallestSet.map { own + $0 }
      }
      return nil
    }
    switch self {
    case .child(let child): return child == member ? [child] : nil
    case .all(let parts): return among(parts.count, parts)
    case .any(let parts): return among(1, parts)
    case .atLeast(let needed, let parts): return among(needed, parts)
    }
  }
}
