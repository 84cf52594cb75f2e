import MetaDriver
import MetaDriverDisk

/// One device: a process with a clock of its own, and a strategy over the stores that all devices share.
struct Device {
  static let stores = ["eu", "us", "asia"]
  /// The data that all devices write.
  static let ids = (1...10).map { "note \($0)" }

  let strategy: Strategy
  private let name: String

  /// - Parameter asksFirst: Whether a write asks the stores for their stamps before it makes its own. Two devices need
  ///   that; leaving it out shows why.
  init(_ name: String, clockIsAheadBy skew: Duration, folder: String, asksFirst: Bool) throws {
    self.name = name
    let runtime = Runtime(wallClock: { Runtime.systemTime() + skew })
    strategy = try Strategy("notes of the \(name)", runtime: runtime) {
      Quorum(reads: .atomic, writers: asksFirst ? .many : .one, remainder: .await) {
        for store in Self.stores {
          DiskDriver(at: "\(folder)/\(store)", name: store, domain: store).timeout(.seconds(10))
        }
      }
    }
  }

  /// Writes once.
  ///
  /// - Returns: `stored`, or who had something newer.
  func put(_ text: String, at id: String) async throws -> String {
    let receipt = try await strategy.put(Array(text.utf8), at: DataID(id))
    if case .superseded = receipt.result { return "not stored: what is there has a later stamp" }
    return "\(receipt.result)"
  }

  /// Writes and deletes at random.
  func churn(_ count: Int) async throws -> String {
    var deletes = 0
    for number in 1...count {
      let id = try DataID(Self.ids.randomElement() ?? "")
      if Int.random(in: 0..<5) == 0 {
        deletes += 1
        try await strategy.delete(id)
      } else {
        try await strategy.put(Array("\(name), \(number)".utf8), at: id)
      }
    }
    return "\(count - deletes) puts and \(deletes) deletes"
  }

  /// Every note, a line for each.
  func show() async throws -> [String] {
    var lines: [String] = []
    for id in Self.ids {
      let copy = try await strategy.get(DataID(id))
      lines.append("\(id): \(copy.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "deleted")")
    }
    return lines
  }
}
