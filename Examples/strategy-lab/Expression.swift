import MetaDriver

/// Which leaves an operation needs: `["leaf", "a"]`, `["any", …]`, `["all", …]` or `["atLeast", 2, …]`.
indirect enum Expression: Decodable {
  case leaf(String)
  case any([Expression])
  case all([Expression])
  case atLeast(Int, [Expression])

  init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    let word = try list.decode(String.self)
    switch word {
    case "leaf": self = .leaf(try list.decode(String.self))
    case "any": self = .any(try list.rest())
    case "all": self = .all(try list.rest())
    case "atLeast":
      let needed = try list.decode(Int.self)
      self = .atLeast(needed, try list.rest())
    default:
      // The word's own place, which the list has gone past.
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: decoder.codingPath, debugDescription: "'\(word)' is none of leaf, any, all and atLeast"))
    }
  }

  /// The names of the leaves, each once, as they are met.
  var leaves: [String] {
    var names: [String] = []
    for name in mentions where !names.contains(name) { names.append(name) }
    return names
  }

  private var mentions: [String] {
    switch self {
    case .leaf(let name): [name]
    case .any(let parts), .all(let parts), .atLeast(_, let parts): parts.flatMap(\.mentions)
    }
  }

  /// The same over the children of a node.
  func rule(_ children: [String]) -> Rule {
    switch self {
    case .leaf(let name): .child(children.firstIndex(of: name) ?? children.count)
    case .any(let parts): .any(parts.map { $0.rule(children) })
    case .all(let parts): .all(parts.map { $0.rule(children) })
    case .atLeast(let needed, let parts): .atLeast(needed, parts.map { $0.rule(children) })
    }
  }

  /// As it is written by hand.
  var text: String {
    func list(_ parts: [Expression], _ separator: String) -> String {
      "(\(parts.map(\.text).joined(separator: separator)))"
    }
    return switch self {
    case .leaf(let name): name
    case .any(let parts): list(parts, " + ")
    case .all(let parts): list(parts, " * ")
    case .atLeast(let needed, let parts): "choose\(needed)\(list(parts, ", "))"
    }
  }
}

extension UnkeyedDecodingContainer {
  fileprivate mutating func rest() throws -> [Expression] {
    var parts: [Expression] = []
    while !isAtEnd { parts.append(try decode(Expression.self)) }
    return parts
  }
}
