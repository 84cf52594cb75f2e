import MetaDriver

extension ScenarioRecorder {
  /// Looks whether enough stores hold a write that a client takes for acknowledged.
  func check(_ step: Int, _ key: Key, _ stamp: Stamp, by client: ScenarioClient) {
    let outline = client.root.outline
    let leaves = outline.leaves
    let stores = leaves.map { wiped.contains($0.label) ? nil : client.process.world.knownLeaf($0.label) }
    func holds(_ index: Int) -> Bool {
      // Of a store that does not compare stamps, a late old put may have taken it away.
      guard let store = stores[index], store.leaf?.ordering == .newestWins else { return true }
      return store.contents[key]?.stamp.map { $0 >= stamp } ?? false
    }
    guard !outline.formula(for: .put, on: key.kind).holds(holds) else { return }
    let lacking = leaves.indices.filter { !holds($0) }.map { leaves[$0].label }
    add(
      Violation(
        .acknowledged, key: key, witness: [step],
        reason:
          "step \(step) was acknowledged, and \(lacking.joined(separator: ", ")) hold nothing of \(stamp) or newer"))
  }

  /// Looks whether the stores hold what queues took for them.
  func checkQueues(in world: Simulation.World) {
    for (step, key, stamp, name) in queued where !wiped.contains(name) {
      guard let store = world.knownLeaf(name), store.leaf?.ordering == .newestWins else { continue }
      let record = store.contents[key]
      let held = record?.stamp
      guard held.map({ $0 < stamp }) ?? true else { continue }
      // A node that tries one child after the other may stamp for each: then the stamp is another, and the value is not.
      guard record?.bytes != Array("\(step)".utf8), !(record?.isTombstone ?? false) else { continue }
      add(
        Violation(
          .delivered, key: key, witness: [step],
          reason: "a queue took step \(step) for \(name), which holds "
            + (held.map { "\($0), which is older than \(stamp)" } ?? "nothing of \(stamp) or newer")))
    }
  }
}
