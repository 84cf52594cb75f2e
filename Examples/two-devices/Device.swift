import MetaDriver
import MetaDriverDisk

/// One device: a process with a clock of its own, and a strategy over the stores that all devices share.
struct Device {
  static let stores = ["eu", "us", "asia"]
  /// The data that all devices write.
  static let ids = (1...10).map { "note \($0)" }

  let strategy: Strategy
  private let name: String

  init(_ name: String, clockIsAheadBy skew: Duration, folder: String) throws {
    self.name = name
    let runtime = Runtime(wallClock: { Runtime.systemTime() + skew })
    strategy = try Strategy("notes of the \(name)", runtime: runtime) {
      Quorum(reads: .atomic, remainder: .await) {
        for store in Self.stores {
          DiskDriver(at: "\(folder)/\(store)", name: store, domain: store).timeout(.seconds(10))
        }
      }
    }
  }

  /// Writes once.
  ///
  /// - Returns: What became of it.
  func put(_ text: String, at id: String) async throws -> String {
    "\(try await strategy.put(Array(text.utf8), at: DataID(id)).result)"
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
