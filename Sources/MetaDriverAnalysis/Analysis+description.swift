extension Analysis: CustomStringConvertible {
  /// Every guarantee, a line for each.
  public var description: String {
    guarantees.map { name, guarantee in name + String(repeating: " ", count: max(1, 18 - name.count)) + "\(guarantee)" }
      .joined(separator: "\n")
  }
}
