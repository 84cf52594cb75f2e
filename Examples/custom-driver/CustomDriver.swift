import Foundation
import MetaDriver

/// A leaf and a composite of one's own, in a tree with those of the package.
@main struct CustomDriver {
  static func main() async throws {
    let path = NSTemporaryDirectory() + "custom-driver-\(UUID()).log"
    defer { try? FileManager.default.removeItem(atPath: path) }

    let log = try LogDriver(at: path, name: "log")
    let witness = MemoryDriver("witness")
    let ledger = try Strategy("ledger") {
      Unanimous {
        log
        LocalOnly { witness }.timeout(.seconds(1))
      }
    }
    print(ledger)

    print("\n# Written to both\n")
    print(try await ledger.put(Array("42 euro".utf8), at: "alice"))
    try await ledger.put(Array("7 euro".utf8), at: "bob")
    try await ledger.delete("bob")
    print(text(try await ledger.get("alice")), text(try await ledger.get("bob")), separator: "\n")

    print("\n# Changed behind the ledger's back\n")
    try await witness.put(Array("42000 euro".utf8), at: "alice")
    do throws(DriverError) { print(text(try await ledger.get("alice"))) } catch { print(error) }

    print("\n# The log is lines of JSON\n")
    print(try String(contentsOfFile: path, encoding: .utf8), terminator: "")
  }

  static func text(_ record: Record?) -> String {
    record.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "nothing"
  }
}
