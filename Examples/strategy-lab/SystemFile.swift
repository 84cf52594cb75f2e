import Foundation
import MetaDriverAnalysis

/// A file of quorum systems, and of leaves that can bear more or less.
struct SystemFile: Decodable {
  struct System: Decodable {
    let id: String
    let reads: Expression
    let writes: Expression
  }
  /// Each leaf's read capacity, write capacity and latency in seconds.
  struct Heterogeneous: Decodable { let nodes: [String: [Double]] }

  let heterogeneous: Heterogeneous?
  let systems: [System]?
  let not_quorum_systems: [System]?

  init(contentsOf path: String) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    do { self = try JSONDecoder().decode(SystemFile.self, from: data) } catch let error as DecodingError {
      throw Problem(error)
    }
  }

  /// A line of JSON for each system.
  func reports() throws -> [String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try ((systems ?? []) + (not_quorum_systems ?? [])).map { system in
      let report: SystemReport
      do { report = try SystemReport(system, figures: figures(for: system)) } catch {
        throw Problem(description: "\(system.id): \(error)")
      }
      return String(decoding: try encoder.encode(report), as: UTF8.self)
    }
  }

  /// What the leaves of a system bear; `nil` where the file does not say.
  private func figures(for system: System) throws -> [String: LeafFigures]? {
    guard let nodes = heterogeneous?.nodes else { return nil }
    var figures: [String: LeafFigures] = [:]
    for leaf in system.reads.leaves + system.writes.leaves {
      guard let node = nodes[leaf] else { throw Problem(description: "there are no figures of the leaf '\(leaf)'") }
      guard node.count == 3 else {
        throw Problem(description: "the leaf '\(leaf)' has \(node.count) figures, and not read, write and latency")
      }
      figures[leaf] = LeafFigures(readCapacity: node[0], writeCapacity: node[1], latency: .seconds(node[2]))
    }
    return figures
  }
}
