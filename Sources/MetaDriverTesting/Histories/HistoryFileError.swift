/// Why a file of histories cannot be read: where, and what is wrong there.
public struct HistoryFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The line, from 1.
  public let line: Int
  /// The byte of the line, from 1.
  public let column: Int
  /// What is there, as in `histories[3].ops[5][2]`; empty for the file as a whole.
  public let field: String
  /// What was expected and what was found, in words.
  public let message: String

  /// One line: `line 7, column 12, histories[3].ops[5][2]: expected …`.
  public var description: String { "line \(line), column \(column)\(field.isEmpty ? "" : ", \(field)"): \(message)" }
}
