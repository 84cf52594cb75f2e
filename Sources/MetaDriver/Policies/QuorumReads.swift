/// What the reads of a `Quorum` promise, and how they ask.
///
/// Source: H. Attiya, A. Bar-Noy, D. Dolev, *Sharing Memory Robustly in Message-Passing Systems*, for `atomic`.
public enum QuorumReads: String, Hashable, Sendable, CustomStringConvertible {
  /// A read that overlaps no write gives the last value; one that overlaps a write gives the old value or the new one, and
  /// the next read may give the old one again.
  case regular
  /// Reads never go back, whoever reads: a copy that too few children are known to hold is written to a write quorum
  /// before it is the answer. That costs a second round, but only while copies differ.
  case atomic
  /// Like `regular`; the first child is asked for its copy and the others for their stamps alone, which saves their bytes.
  /// When another child has a newer copy, it is fetched in a second round.
  ///
  /// The others need `stat`. What `stat` says is not checked against the copy's digest, so damage at one of the others may
  /// go unseen until its copy is read. Two copies of one stamp and one size are taken for the same.
  case digestFirst

  /// `regular`, `atomic` or `digest first`.
  public var description: String { self == .digestFirst ? "digest first" : rawValue }
}
