import MetaDriver
import MetaDriverAnalysis
package import MetaDriverTesting

extension Scenario {
  /// What clocks may do to the tree: everything they are known for, or what the scenario says where it says anything, or
  /// where a promise rests on clocks.
  package var hostileClocks: [Weather.Clocks] {
    guard weather.clocks == .agree, !restsOnClocks else { return [weather.clocks] }
    return Weather.Clocks.faults.map(\.clocks)
  }

  private var restsOnClocks: Bool {
    let leaves = (stores + ownStores).map { Faulty($0.name, ordering: $0.ordering) }
    guard let outline = try? tree(leaves).outline, outline.ordersWrites(.mutable) else { return true }
    return Analysis(of: outline).guarantees.contains { $0.guarantee.restsOn.contains(.clocks) }
  }
}
