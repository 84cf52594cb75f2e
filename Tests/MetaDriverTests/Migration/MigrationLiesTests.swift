import MetaDriverTesting
import Synchronization
import TestSupport
import Testing

@testable import MetaDriver

/// What a migration does over stores that do not keep their word: it ends, and says why.
@Suite(.timeLimit(.minutes(10))) struct MigrationLiesTests {
  private let runtime = Runtime.manual()
  private let old = Scripted("old", ordering: .newestWins), new = Scripted("new", ordering: .newestWins)
  private var context: Context { Context(runtime) }

  @Test("A state that is accepted and not kept ends a step with an error, and does not repeat it for ever")
  func forgottenState() async throws {
    let state = Forgetting()
    let migration = Migrating("m", state: state, from: { old }, to: { new }).migration
    for key in ["a", "b", "c"] as [Key] { old.contents[key] = Record([1], stamp: Stamp(time: 1, writer: 1)) }
    try await migration.begin(in: context)
    state.isForgetting.withLock { $0 = true }
    for pageSize in [1, 100] {
      let error = await #expect(throws: DriverError.self) {
        try await migration.copy(pageSize: pageSize, in: context)
      }
      #expect(error?.code == .corrupt, "\(error.map { "\($0)" } ?? "")")
      #expect(error?.message.contains("on state was found 8 times behind what was written to it") == true)
    }
    state.isForgetting.withLock { $0 = false }
    #expect(try await migration.copy(in: context).phase == .verifying)
    state.isForgetting.withLock { $0 = true }
    let error = await #expect(throws: DriverError.self) { try await migration.verify(pageSize: 1, in: context) }
    #expect(error?.code == .corrupt)
  }

  @Test("A migration that another process begins anew once is copied to the end all the same")
  func begunAnew() async throws {
    let state = MemoryDriver("state")
    for key in ["a", "b", "c"] as [Key] { old.contents[key] = Record([1], stamp: Stamp(time: 1, writer: 1)) }
    let (old, new) = (old, new)
    let other = Migrating("m", state: state, from: { old }, to: { new }).migration
    let anew = Anew(base: old) { [runtime] in
      _ = try? await other.abort(in: Context(runtime))
      for key in ["a", "b", "c"] as [Key] { new.contents[key] = nil }
      _ = try? await other.begin(in: Context(runtime))
    }
    let migration = Migrating("m", state: state, from: { anew }, to: { new }).migration
    try await migration.begin(in: context)
    #expect(try await migration.copy(pageSize: 1, in: context).phase == .verifying)
    #expect(Set(new.contents.keys) == ["a", "b", "c"])
  }

  @Test("A listing that goes in circles ends a step with an error")
  func circles() async throws {
    let circling = Circling(base: old)
    for key in ["a", "b"] as [Key] { old.contents[key] = Record([1], stamp: Stamp(time: 1, writer: 1)) }
    let migration = Migrating("m", state: MemoryDriver("state"), from: { circling }, to: { new }).migration
    try await migration.begin(in: context)
    let error = await #expect(throws: DriverError.self) { try await migration.copy(pageSize: 1, in: context) }
    #expect(
      error?.code == .corrupt && error?.message.contains("the listing goes on at 'a', which is not behind it") == true)
  }
}

/// Accepts every conditional put, and keeps none while it forgets. It gives up after so many that a step which repeats
/// itself for ever would be found out.
private final class Forgetting: Driver {
  let base = MemoryDriver("state")
  let isForgetting = Mutex(false)
  private let count = Mutex(0)

  var leaf: Leaf? { base.leaf }
  var outline: Outline { base.outline }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await base.get(key, in: context)
  }
  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await base.put(record, at: key, in: context)
  }
  func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    guard isForgetting.withLock(\.self) else { return try await base.put(record, at: key, if: condition, in: context) }
    let count = count.withLock { count in
      count += 1
      return count
    }
    guard count < 1_000 else { throw DriverError(.throttled, "a thousand states were forgotten") }
    return Receipt(.stored)
  }
  func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await base.delete(key, proof: proof, in: context)
  }
}

/// Does something once, before its third get.
private struct Anew: Modifier {
  let base: Scripted
  let body: @Sendable () async -> Void
  private let count = Once()
  init(base: Scripted, _ body: @escaping @Sendable () async -> Void) { (self.base, self.body) = (base, body) }

  private final class Once: Sendable { let gets = Mutex(0) }

  var outline: Outline { Outline(modifier: "Anew", of: base.outline) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    let gets = count.gets.withLock { count in
      count += 1
      return count
    }
    if gets == 3 { await body() }
    return try await context.get(key, from: base)
  }
}

/// Says after every page but the first that the next one begins at the beginning, a thousand times.
private struct Circling: Modifier {
  let base: Scripted
  private let count = Count()
  init(base: Scripted) { self.base = base }

  private final class Count: Sendable { let lists = Mutex(0) }

  var outline: Outline { Outline(modifier: "Circling", of: base.outline) }

  func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    let lists = count.lists.withLock { count in
      count += 1
      return count
    }
    guard lists < 1_000 else { throw DriverError(.throttled, "a thousand pages were listed") }
    var page = try await context.list(request, from: base)
    if request.kind == .mutable, request.cursor != nil { page.next = Cursor(after: "a") }
    return page
  }
}
