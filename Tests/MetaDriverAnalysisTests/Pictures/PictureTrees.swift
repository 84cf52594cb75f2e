import MetaDriver

@testable import MetaDriverAnalysis

/// Trees to draw.
enum PictureTrees {
  static let nasty = "<b>&amp; \"x\" 'y' \u{0}\u{1b}\u{202e}\n]]>"
  static let read = "<b>&amp; \"x\" 'y' \u{fffd}\u{fffd}\u{fffd} ]]>"

  static func leaf(_ name: String, _ domain: String? = nil, isLocalOnly: Bool = false) -> Outline {
    var leaf = Outline(leaf: Leaf(name), kind: "Store", capabilities: .basic, domain: domain)
    if isLocalOnly { leaf.marks.insert(.localOnly) }
    return leaf
  }

  static func quorum(_ read: Int, _ write: Int, _ children: [Outline]) -> Outline {
    Outline(
      composite: "Quorum", of: children,
      access: Access(read: .atLeast(read, of: children.count), write: .atLeast(write, of: children.count)),
      parameters: ["read": "\(read)", "write": "\(write)"])
  }

  static func wide(_ count: Int) -> Outline {
    quorum(1, count, (0..<count).map { leaf("s\($0)", $0 < 24 ? "d\($0 % 12)" : nil) })
  }

  /// A tree of chance, in which a store may stand more than once.
  static func random(_ generator: inout SeededGenerator, depth: Int = 4) -> Outline {
    guard depth > 0, Int.random(in: 0..<5, using: &generator) > 0 else {
      let number = Int.random(in: 0..<30, using: &generator)
      return leaf(String(repeating: "w", count: number) + "\(number)", number % 3 == 0 ? "d\(number % 4)" : nil)
    }
    if Int.random(in: 0..<4, using: &generator) == 0 {
      return Outline(modifier: "Timeout", of: random(&generator, depth: depth - 1), parameters: ["": "2 seconds"])
    }
    let children = (0..<Int.random(in: 1...7, using: &generator)).map { _ in
      random(&generator, depth: Bool.random(using: &generator) ? 0 : depth - 1)
    }
    let reads = Rule.any((0..<max(1, children.count / 2)).map(Rule.child))
    return Outline(composite: "Node", of: children, access: Access(read: reads, write: .all(children.count)))
  }
}
