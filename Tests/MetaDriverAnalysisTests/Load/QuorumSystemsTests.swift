import Foundation
import Testing

@testable import MetaDriver
@testable import MetaDriverAnalysis

/// Published quorum systems and their figures, against an independent tool and trying every set.
@Suite struct QuorumSystemsTests {
  struct Reference: Decodable {
    struct Node: Decodable {
      let nodes: [String: [Double]]
    }
    let heterogeneous: Node
    let systems: [System]
    let not_quorum_systems: [System]
  }

  /// `[leaf, name]`, `[any, …]`, `[all, …]` or `[atLeast, k, …]`.
  enum Expression: Decodable, Sendable {
    case leaf(String)
    case all([Expression]), any([Expression]), atLeast(Int, [Expression])

    init(from decoder: any Decoder) throws {
      var container = try decoder.unkeyedContainer()
      let word = try container.decode(String.self)
      if word == "leaf" {
        self = .leaf(try container.decode(String.self))
        return
      }
      let needed = word == "atLeast" ? try container.decode(Int.self) : 0
      var parts: [Expression] = []
      while !container.isAtEnd { parts.append(try container.decode(Expression.self)) }
      self = word == "all" ? .all(parts) : word == "any" ? .any(parts) : .atLeast(needed, parts)
    }

    func rule(_ leaves: [String]) -> Rule {
      switch self {
      case .leaf(let name): .child(leaves.firstIndex(of: name)!)
      case .all(let parts): .all(parts.map { $0.rule(leaves) })
      case .any(let parts): .any(parts.map { $0.rule(leaves) })
      case .atLeast(let needed, let parts): .atLeast(needed, parts.map { $0.rule(leaves) })
      }
    }
  }

  struct System: Decodable, Sendable, CustomTestStringConvertible {
    struct Load: Decodable {
      let value: Double
      let exact: String
    }
    /// A load for each read fraction; or nothing, where there is none or nobody computed it.
    struct Resilient: Decodable {
      let loads: [String: Load]?
      let isSkipped: Bool
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        isSkipped = (try? container.decode(String.self)) != nil
        loads = isSkipped || container.decodeNil() ? nil : try container.decode([String: Load].self)
      }
    }
    struct Availability: Decodable {
      let read: Double
      let write: Double
    }
    struct Miss: Decodable {
      let read: [String]
      let write: [String]
    }

    let id: String
    let leaves: [String]
    let reads: Expression
    let writes: Expression
    let intersects: Bool
    let minimal_read_quorums: Int
    let minimal_write_quorums: Int
    let read_resilience: Int
    let write_resilience: Int
    let availability: [String: Availability]?
    let load: [String: Load]?
    let het_capacity: [String: Double]?
    let latency_optimal: [String: Double]?
    let f_resilient_load: [String: Resilient?]?
    let network_at_half: Double?
    let witness: Miss?
    var testDescription: String { id }

    enum CodingKeys: String, CodingKey {
      case id, leaves, reads, writes, intersects, minimal_read_quorums, minimal_write_quorums, read_resilience
      case write_resilience, availability, load, het_capacity, latency_optimal, f_resilient_load, witness
      case network_at_half = "network_optimal_at_0.5"
    }

    var analysis: Analysis {
      let children = leaves.map { Outline(leaf: Leaf($0), kind: "Test", capabilities: .basic) }
      return Analysis(
        of: Outline(
          composite: "System", of: children, access: Access(read: reads.rule(leaves), write: writes.rule(leaves))))
    }
  }

  static let reference: Reference = {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Reference/quorum_systems.json")
    // A broken file is a broken test.
    return try! JSONDecoder().decode(Reference.self, from: try! Data(contentsOf: file))
  }()

  private func figures(_ system: System) -> [String: LeafFigures] {
    var figures: [String: LeafFigures] = [:]
    for leaf in system.leaves {
      let node = Self.reference.heterogeneous.nodes[leaf]!
      figures[leaf] = LeafFigures(readCapacity: node[0], writeCapacity: node[1], latency: .seconds(node[2]))
    }
    return figures
  }

  @Test("All systems are there") func count() {
    #expect(Self.reference.systems.count == 19 && Self.reference.not_quorum_systems.count == 4)
  }

  @Test("Resilience, quorums and availability are the published ones", arguments: reference.systems)
  func sets(system: System) throws {
    let analysis = system.analysis
    #expect(analysis.ownWrites.holds)
    #expect(analysis.resilience(of: .reads) == system.read_resilience)
    #expect(analysis.resilience(of: .writes) == system.write_resilience)
    #expect(try analysis.quorums(.reads).count == system.minimal_read_quorums)
    #expect(try analysis.quorums(.writes).count == system.minimal_write_quorums)
    for (text, expected) in try #require(system.availability) {
      let works = try #require(Double(text))
      #expect(abs(try analysis.availability(of: .reads, works: works) - expected.read) < 1e-9)
      #expect(abs(try analysis.availability(of: .writes, works: works) - expected.write) < 1e-9)
    }
  }

  @Test("Loads are the published fractions", arguments: reference.systems)
  func loads(system: System) throws {
    let analysis = system.analysis
    for (text, expected) in try #require(system.load) {
      let goal = StrategyGoal(.load, readFraction: try #require(Double(text)))
      let strategy = try #require(try analysis.strategy(for: goal))
      #expect(strategy.exactLoad == expected.exact, "read fraction \(text)")
      #expect(abs(strategy.load - expected.value) < 1e-6)
    }
    for (failures, resilient) in try #require(system.f_resilient_load) where resilient?.isSkipped != true {
      for text in ["0.0", "0.5", "1.0"] {
        var goal = StrategyGoal(.load, readFraction: try #require(Double(text)))
        goal.failures = try #require(Int(failures))
        #expect(try analysis.strategy(for: goal)?.exactLoad == resilient?.loads?[text]?.exact, "\(failures) failures")
      }
    }
  }

  @Test("Capacity, network and latency are the published ones", arguments: reference.systems)
  func figures(system: System) throws {
    let (analysis, figures) = (system.analysis, figures(system))
    for (text, expected) in try #require(system.het_capacity) {
      let goal = StrategyGoal(.load, readFraction: try #require(Double(text)))
      let strategy = try #require(try analysis.strategy(for: goal, figures: figures))
      #expect(abs(strategy.capacity - expected) < 1e-6 * expected, "read fraction \(text)")
    }
    for (text, expected) in try #require(system.latency_optimal) {
      let goal = StrategyGoal(.latency, readFraction: try #require(Double(text)))
      let strategy = try #require(try analysis.strategy(for: goal, figures: figures))
      #expect(abs(strategy.latency / .seconds(1) - expected) < 1e-6, "read fraction \(text)")
    }
    let frugal = try #require(try analysis.strategy(for: StrategyGoal(.network, readFraction: 0.5)))
    #expect(abs(frugal.network - (try #require(system.network_at_half))) < 1e-6)
  }

  @Test(
    "What is no quorum system is told apart, with a read and a write that miss each other",
    arguments: reference.not_quorum_systems)
  func misses(system: System) throws {
    let analysis = system.analysis
    #expect(analysis.ownWrites.verdict == .no)
    let parts = try #require(analysis.ownWrites.witness).parts
    let (written, read) = (Set(parts[0].names), Set(parts[1].names))
    #expect(written.isDisjoint(with: read))
    #expect(try analysis.quorums(.writes).contains { Set($0) == written })
    #expect(try analysis.quorums(.reads).contains { Set($0) == read })
    #expect(analysis.resilience(of: .reads) == system.read_resilience)
    #expect(analysis.resilience(of: .writes) == system.write_resilience)
  }
}
