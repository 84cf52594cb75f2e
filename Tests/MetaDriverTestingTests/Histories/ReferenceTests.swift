private import Foundation
import MetaDriverTesting
import Testing

/// Histories with verdicts of others.
@Suite struct ReferenceTests {
  static func bytes(file: String = #filePath) throws -> [UInt8] {
    let folder = URL(filePath: file).deletingLastPathComponent().deletingLastPathComponent()
    return Array(try Data(contentsOf: folder.appending(path: "Reference/histories.json")))
  }

  @Test func `All 250 histories have the verdicts that they came with, both kinds`() throws {
    let entries = try HistoryFile(json: Self.bytes()).entries
    #expect(entries.count == 250)
    for (index, entry) in entries.enumerated() {
      let violations = try entry.history.violations(of: .linearizable, .regular)
      let (isLinearizable, isRegular) = (
        try #require(entry.isLinearizable as Bool?), try #require(entry.isRegular as Bool?)
      )
      #expect(
        violations.contains { $0.guarantee == .linearizable } != isLinearizable, "history \(index): \(violations)")
      #expect(violations.contains { $0.guarantee == .regular } != isRegular, "history \(index): \(violations)")
    }
  }
}
