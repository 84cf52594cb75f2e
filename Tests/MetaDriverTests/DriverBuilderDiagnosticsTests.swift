import Foundation
import MetaDriver
import TestSupport
import Testing

/// What the compiler says to whoever writes a wrong tree. The programs are compiled against the module under test.
@Suite struct DriverBuilderDiagnosticsTests {
  private struct Wrong {
    let program: String
    let messages: [String]
    init(_ program: String, _ messages: String...) {
      self.program = program
      self.messages = messages
    }
  }

  private static let notADriver =
    "'buildExpression' is unavailable: a block of drivers holds drivers only: this expression is not a Driver"
  private static let noDriver = "'buildBlock()' is unavailable: this block holds no driver: a node needs at least one"
  private static let optional =
    "'buildExpression' is unavailable: nil and optional drivers have no place here: write `if let driver { driver }`"
  private static let notTheDriver =
    "'buildExpression' is unavailable: this block holds one driver: this expression is not a Driver"
  private static let needsOne = "'buildBlock()' is unavailable: this block holds no driver: it needs exactly one"
  private static let several =
    "'buildBlock' is unavailable: this block holds one driver: combine several with Replicated, FirstSuccess or "
    + "Quorum inside it"
  private static let unwrap =
    "'buildExpression' is unavailable: nil and optional drivers have no place here: this block needs one driver, so "
    + "unwrap it first"
  private static let condition =
    "is unavailable: this block always holds one driver: put the condition around the node, or inside FirstSuccess"

  /// One program a line.
  private static let wrong: [Wrong] = [
    Wrong("_ = FirstSuccess { }", noDriver),
    Wrong("_ = Quorum(read: 2, write: 2) { }", noDriver),
    Wrong("_ = FirstSuccess { let unused = a; _ = unused }", notADriver),
    Wrong("_ = FirstSuccess { if flag { } }", noDriver),
    Wrong("_ = FirstSuccess { \"disk\" }", notADriver),
    Wrong("_ = FirstSuccess { a; { a } }", notADriver),
    Wrong("_ = FirstSuccess { print(\"x\"); a }", notADriver),
    Wrong("_ = FirstSuccess { nil }", optional),
    Wrong("_ = FirstSuccess { maybe }", optional),
    Wrong("_ = FirstSuccess { maybeAny }", optional),
    Wrong("_ = try! Strategy(\"s\") { }", noDriver),
    Wrong("_ = try! Strategy(\"s\") { 5 }", notADriver),
    Wrong("_ = Timeout(.seconds(1)) { }", needsOne),
    Wrong("_ = Timeout(.seconds(1)) { a; a }", several),
    Wrong("_ = LocalOnly { a; a; a }", several),
    Wrong("_ = LocalOnly { \"disk\" }", notTheDriver),
    Wrong("_ = LocalOnly { { a } }", notTheDriver),
    Wrong("_ = LocalOnly { [a, a] }", notTheDriver),
    Wrong("_ = LocalOnly { nil }", unwrap),
    Wrong("_ = LocalOnly { maybe }", unwrap),
    Wrong(
      "_ = LocalOnly { if flag { a } else { a } }", "'buildEither(first:)' \(condition)",
      "'buildEither(second:)' \(condition)"),
    Wrong(
      "_ = LocalOnly { for driver in [a] { driver } }",
      "'buildArray' is unavailable: this block holds one driver: put the `for` into Replicated, FirstSuccess or Quorum "
        + "inside it"),
    Wrong("_ = ByKind { a } immutable: { }", needsOne),
    Wrong(
      "_ = Quorum(read: \"two\", write: 2) { a; a }",
      "cannot convert value of type 'String' to expected argument type 'QuorumSize'"),
    Wrong(
      "_ = Quorum(read: 2.5, write: 2) { a; a }",
      "cannot convert value of type 'Double' to expected argument type 'QuorumSize'"),
    Wrong(
      "_ = Replicated(writes: 2) { a; a }", "cannot convert value of type 'Int' to expected argument type 'WriteRule'"),
    Wrong("_ = a.timeout(5)", "cannot convert value of type 'Int' to expected argument type 'Duration'"),
  ]

  private final class Anchor {}

  /// The folder with the module that these tests were built against, found upwards from the test bundle.
  private static func moduleFolder() throws -> URL {
    var folder = Bundle(for: Anchor.self).bundleURL
    while folder.path != "/" {
      for place in ["Modules", "."] {
        let modules = folder.appendingPathComponent(place)
        if FileManager.default.fileExists(atPath: modules.appendingPathComponent("MetaDriver.swiftmodule").path) {
          return modules
        }
      }
      folder.deleteLastPathComponent()
    }
    throw CocoaError(.fileNoSuchFile)
  }

  /// The errors of a program, by line.
  private static func errors(in program: String) throws -> [Int: [String]] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("diagnostics-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("wrong.swift")
    try Data(program.utf8).write(to: file)
    let compiler = try Command([
      "swiftc", "-typecheck", "-swift-version", "6", "-diagnostic-style", "llvm", "-I", try moduleFolder().path,
      "-module-cache-path", folder.appendingPathComponent("cache").path, file.path,
    ])
    let text = String(decoding: compiler.errors, as: UTF8.self)
    var errors: [Int: [String]] = [:]
    for line in text.split(separator: "\n") where line.hasPrefix(file.path) {
      // path:line:column: error: message
      let parts = line.dropFirst(file.path.count + 1).split(separator: ":", maxSplits: 3)
      guard parts.count == 4, parts[2] == " error", let number = Int(parts[0]) else { continue }
      errors[number, default: []].append(parts[3].trimmingCharacters(in: .whitespaces))
    }
    return errors
  }

  @Test("A wrong tree is refused by the compiler, with a sentence that says what to do")
  func messages() throws {
    var lines = ["import MetaDriver"]
    for (index, wrong) in Self.wrong.enumerated() {
      lines.append(
        "func wrong\(index)(_ a: MemoryDriver, _ maybe: MemoryDriver?, _ maybeAny: (any Driver)?, _ flag: Bool) "
          + "{ \(wrong.program) }")
    }
    let errors = try Self.errors(in: lines.joined(separator: "\n"))
    for (index, wrong) in Self.wrong.enumerated() {
      #expect(errors[index + 2] == wrong.messages, "\(wrong.program)")
    }
  }

  @Test("A right tree is not")
  func rightTree() throws {
    let errors = try Self.errors(
      in: """
        import MetaDriver
        func right(_ a: MemoryDriver, _ flag: Bool, _ others: [any Driver]) throws {
          _ = try Strategy("right") {
            FirstSuccess {
              LocalOnly { a }
              if flag { a.timeout(.seconds(1)) } else { Verified { a } }
              for other in others { other }
              others
            }
          }
        }
        """)
    #expect(errors.isEmpty)
  }
}
