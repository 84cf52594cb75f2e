import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite struct DriverTests {
  private let key = Key.mutable("a")

  /// A driver that does the least a driver must.
  private struct Least: Driver {
    var outline: Outline { Outline(leaf: Leaf("least"), kind: "Least", capabilities: .basic) }
    func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? { nil }
    func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
      Receipt(.stored)
    }
    func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
      Receipt(.alreadyAbsent)
    }
  }

  // A8
  @Test("What a driver leaves out is unsupported, says who has not what, and changed nothing")
  func defaults() async throws {
    let (key, driver, context) = (self.key, Least(), Context(Runtime.manual()))
    let calls: [(String, @Sendable () async throws -> Void)] = [
      ("compare-and-put", { _ = try await driver.put(Record([1]), at: key, if: .absent, in: context) }),
      ("list", { _ = try await driver.list(ListRequest(), in: context) }),
      ("stat", { _ = try await driver.stat(key, in: context) }),
      ("get by URL", { _ = try await driver.get([StorageURL("https://a")], in: context) }),
    ]
    for (operation, call) in calls {
      let error = await #expect(throws: DriverError.self) { try await call() }
      #expect(error?.code == .unsupported)
      #expect(error?.message == "least has no \(operation)")
      #expect(error?.effect == .unchanged)
      #expect(error?.isRetryable == false)
    }
    #expect("\(try await driver.open(in: context))" == "opened")
    try await driver.close(in: context)
    #expect(driver.url(for: key) == nil)
    #expect(try !driver.handles(StorageURL("https://a")))
    #expect(driver.leaf == nil)
  }

  @Test("The calls without a context do what the calls with one do")
  func convenience() async throws {
    let leaf = Scripted("leaf")
    try await leaf.put([1, 2], at: key)
    #expect(try await leaf.get(key) == Record([1, 2]))
    try await leaf.delete(key, proof: DeletionProof([9]))
    #expect(try await leaf.get(key) == nil)
    #expect(leaf.calls.map(\.operation) == [.put, .get, .delete, .get])
    #expect(leaf.calls[2].proof == DeletionProof([9]))
    let down = Scripted("down", answers: [.error(.unavailable)])
    let error = await #expect(throws: DriverError.self) { try await down.get(key) }
    #expect(error?.path == ["down"])
  }
}
