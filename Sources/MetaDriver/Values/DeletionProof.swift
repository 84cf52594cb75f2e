/// Proof that a delete belongs to an earlier put, usually a signature made when the datum was written.
///
/// The bytes are opaque to the package. In a tree that stores tombstones the proof is stored as the tombstone's
/// payload, so that a weakly consistent store can refuse a write that arrives after its delete.
public struct DeletionProof: Hashable, Sendable {
  /// The proof, as its verifier expects it.
  public let bytes: [UInt8]

  /// Makes a proof of opaque bytes.
  public init(_ bytes: [UInt8]) { self.bytes = bytes }
}
