public import MetaDriver

/// A call to a strategy that is to be made and explained: see ``MetaDriver/Strategy/explain(analyze:options:draining:)``.
///
/// ```swift
/// print(await profiles.explain(analyze: .put(bytes, at: "alice/profile")))
/// ```
public struct ExplainedCall: Sendable {
  /// What is asked, as it stands in a headline. Bytes are no part of it.
  let text: String
  /// Makes the call, and says what came of it.
  let run: @Sendable (Strategy, CallOptions) async throws(DriverError) -> Event.Outcome

  /// Reads one datum.
  public static func get(_ id: DataID) -> ExplainedCall {
    ExplainedCall(text: "get \(Key.mutable(id))") { strategy, options throws(DriverError) in
      found(try await strategy.get(id, options: options))
    }
  }

  /// Writes one datum.
  public static func put(_ bytes: [UInt8], at id: DataID) -> ExplainedCall {
    ExplainedCall(text: "put \(Key.mutable(id))") { strategy, options throws(DriverError) in
      .acknowledged(try await strategy.put(bytes, at: id, options: options))
    }
  }

  /// Writes one datum if a condition holds.
  public static func put(_ bytes: [UInt8], at id: DataID, if condition: Precondition) -> ExplainedCall {
    ExplainedCall(text: "conditional put \(Key.mutable(id))") { strategy, options throws(DriverError) in
      .acknowledged(try await strategy.put(bytes, at: id, if: condition, options: options))
    }
  }

  /// Deletes one datum.
  public static func delete(_ id: DataID, proof: DeletionProof? = nil) -> ExplainedCall {
    ExplainedCall(text: "delete \(Key.mutable(id))") { strategy, options throws(DriverError) in
      .acknowledged(try await strategy.delete(id, proof: proof, options: options))
    }
  }

  /// Reads one datum by its hash.
  public static func getImmutable(_ hash: ContentHash) -> ExplainedCall {
    ExplainedCall(text: "get \(Key.immutable(hash))") { strategy, options throws(DriverError) in
      found(try await strategy.getImmutable(hash, options: options))
    }
  }

  /// Writes one datum under the hash of its bytes.
  public static func putImmutable(_ bytes: [UInt8]) -> ExplainedCall {
    ExplainedCall(text: "put \(Key.immutable(ContentHash(of: bytes)))") { strategy, options throws(DriverError) in
      .acknowledged(try await strategy.putImmutable(bytes, options: options).receipt)
    }
  }

  /// Deletes one datum by its hash.
  public static func deleteImmutable(_ hash: ContentHash, proof: DeletionProof? = nil) -> ExplainedCall {
    ExplainedCall(text: "delete \(Key.immutable(hash))") { strategy, options throws(DriverError) in
      .acknowledged(try await strategy.deleteImmutable(hash, proof: proof, options: options))
    }
  }

  /// Lists one page of keys.
  public static func list(_ request: ListRequest = ListRequest()) -> ExplainedCall {
    ExplainedCall(text: "list") { strategy, options throws(DriverError) in
      .listed(try await strategy.list(request, options: options).entries.count)
    }
  }

  private static func found(_ record: Record?) -> Event.Outcome {
    record.map { .found(byteCount: $0.bytes.count, stamp: $0.stamp) } ?? .absent
  }
}
