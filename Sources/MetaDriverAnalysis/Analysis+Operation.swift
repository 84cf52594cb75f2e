extension Analysis {
  /// What a guarantee is about.
  public enum Operation: String, CaseIterable, Sendable, CustomStringConvertible {
    /// Gets.
    case reads
    /// Puts and deletes.
    case writes

    /// The word as it stands in a sentence.
    public var description: String { rawValue }
  }
}
