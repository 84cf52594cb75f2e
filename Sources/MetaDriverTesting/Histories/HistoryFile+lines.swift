import MetaDriver

extension HistoryFile.Entry {
  /// The entry as JSON, an object for each key.
  var lines: [String] {
    let keys = Set(history.operations.map(\.key)).sorted()
    guard !keys.isEmpty else { return [object(nil, verdicts: true)] }
    return keys.map { object($0, verdicts: keys.count == 1) }
  }

  private func object(_ key: Key?, verdicts: Bool) -> String {
    var fields: [String] = []
    if case .mutable(let id)? = key, key != "x" { fields.append("\"key\": \(Self.quoted(id.string))") }
    if verdicts, let isLinearizable { fields.append("\"linearizable\": \(isLinearizable)") }
    if verdicts, let isRegular { fields.append("\"weak_regular\": \(isRegular)") }
    let operations = history.operations.filter { $0.key == key }
    let stamps = Set(operations.compactMap(\.stamp)).sorted()
    let ranks = Dictionary(uniqueKeysWithValues: stamps.enumerated().map { ($0.element, $0.offset) })
    let texts = operations.compactMap { Self.array($0, rank: $0.stamp.flatMap { ranks[$0] }) }
    return "{" + (fields + ["\"ops\": [\(texts.joined(separator: ", "))]"]).joined(separator: ", ") + "}"
  }

  private static func array(_ operation: History.Operation, rank: Int?) -> String? {
    var end: Int?
    switch operation.outcome {
    case .failed: return nil
    case .unknown: end = nil
    case .ok(let moment): end = moment
    }
    var head: String
    switch operation.kind {
    case .put(let value): head = "\"w\", \(value)"
    case .delete: head = "\"d\", 0"
    case .get(let value):
      guard end != nil else { return nil }
      head = "\"r\", \(value ?? 0)"
    }
    head += ", \(operation.invoked), \(end.map(String.init) ?? "null"), \(operation.session)"
    return "[\(head)\(rank.map { ", \($0)" } ?? "")]"
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
