import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

/// What a repair reads when a source is not any more what the plan found there.
@Suite(.timeLimit(.minutes(10))) struct RepairWorkTests {
  private let context = Context(.manual())

  // R2, A6
  @Test("A source whose bytes do not hash to their key any more is damaged, and the next one is read")
  func changed() async throws {
    let bytes: [UInt8] = [1, 2, 3]
    let key = Key.immutable(ContentHash(of: bytes))
    let stores = ["a", "b", "c"].map { Scripted($0) }
    let scrub = Scrub(.immutable) { for store in stores { store } }
    for store in stores[..<2] { store.contents[key] = Record(bytes) }
    let plan = try await scrub.plan(in: context)
    // As many bytes as before: nothing but the hash tells.
    stores[0].contents[key] = Record([1, 2, 4])
    #expect(try await scrub.apply(plan, in: context).isComplete)
    #expect(stores[2].contents[key] == Record(bytes))
    stores[1].contents[key] = Record([4, 2, 3])
    stores[2].contents[key] = nil
    let report = try await scrub.apply(plan, in: context)
    #expect("\(report)".contains("make a new plan") && !report.isComplete)
    #expect(stores[2].contents[key] == nil)
  }

  // R2
  @Test("A source that is damaged or away by now is passed over, and the next one is read", arguments: [true, false])
  func passedOver(isDamaged: Bool) async throws {
    let first = Scripted("first") { call in
      guard call.operation == .get else { return .ok }
      return isDamaged ? .corrupt : .error(.unavailable)
    }
    let (second, lacking) = (Scripted("second"), Scripted("lacking"))
    let record = Record([1], stamp: Stamp(time: 1, writer: 1))
    for store in [first, second] { store.contents["k"] = record }
    let scrub = Scrub { [first, second, lacking] }
    let report = try await scrub.apply(try await scrub.plan(in: context), in: context)
    #expect(report.isComplete, "\(report)")
    #expect(lacking.contents["k"] == record)
  }

  // R33
  @Test("A copy whose stamp no clock makes is never brought anywhere, whatever node answers it")
  func impossibleStamp() async throws {
    let (store, other, target) = (Scripted("sealed"), Scripted("other"), Scripted("target"))
    for store in [store, other] { store.contents["k"] = Record([1], stamp: Stamp(time: 1, writer: 1)) }
    let scrub = Scrub {
      Sealed(base: store)
      other
      target
    }
    let plan = try ScrubPlan(
      """
      scrub plan 1
      keys mutable, compared by stamps
      store "sealed" listed 1
      store "other" listed 1
      store "target" listed 0
      copy "k" 1 bytes 0.1@1 from "sealed" "other" to "target" missing
      end
      """)
    #expect(try await scrub.apply(plan, in: context).isComplete)
    #expect(target.contents["k"] == other.contents["k"])
  }

  /// A node that keeps stamps in a way of its own, in which one is damaged.
  private struct Sealed: Driver {
    let base: Scripted

    var outline: Outline {
      var outline = Outline(modifier: "Sealed", of: base.outline)
      outline.capabilities = [.get, .put, .list]
      return outline
    }

    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
      guard var record = try await context.get(key, from: base) else { return nil }
      record.stamp = Stamp(time: 1 << 63, writer: 1)
      return record
    }

    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      try await context.put(record, at: key, to: base)
    }

    func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      try await context.delete(key, proof: proof, from: base)
    }

    func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
      try await context.list(request, from: base)
    }
  }
}
