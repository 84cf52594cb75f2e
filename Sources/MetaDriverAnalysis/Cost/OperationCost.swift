/// What one operation takes.
///
/// ```swift
/// let put = try profiles.analysis.cost(of: .writes, byteCount: 4_096)
/// print(put)
/// // calls 3, bytes 12288, answers awaited 2 to 3
/// ```
public struct OperationCost: Hashable, Sendable {
  /// A number that depends on what becomes of the calls.
  public struct Extent: Hashable, Sendable {
    /// When every call succeeds, and the quickest answers are the ones needed.
    public let least: Double
    /// On average.
    public let expected: Double
    /// When calls fail, or are late, so that all others are made too.
    public let most: Double
  }

  /// How many calls the leaves get.
  public let calls: Extent
  /// How many bytes of the datum travel, when each read brings a copy.
  public let bytes: Extent
  /// How many answers of leaves are there when the caller has its own.
  public let awaited: Extent
  /// How many calls each leaf gets on average, by its label.
  public let callsPerLeaf: [String: Double]
}

extension OperationCost.Extent: CustomStringConvertible {
  /// One number, or the least and the most, with the average where it is neither.
  public var description: String {
    func text(_ number: Double) -> String {
      let rounded = (number * 100).rounded() / 100
      return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
    }
    guard least < most else { return text(most) }
    let average = expected > least && expected < most ? ", \(text(expected)) on average" : ""
    return "\(text(least)) to \(text(most))\(average)"
  }
}

extension OperationCost: CustomStringConvertible {
  /// One line.
  public var description: String { "calls \(calls), bytes \(bytes), answers awaited \(awaited)" }
}
