import MetaDriver
import MetaDriverTesting
import Testing

@Suite struct StrategyNeedsTests {
  private func remarks(_ needs: Capabilities, _ tree: some Driver) -> [String] {
    do throws(CompositionError) {
      _ = try Strategy("s", visibility: .privateData, needs: needs) { tree }
      return []
    } catch {
      return error.remarks.filter { $0.severity == .error }.map { "\($0.path.joined(separator: "/")): \($0.reason)" }
    }
  }

  private let store = MemoryDriver("store")

  // A8, A48
  @Test("A tree that can check and write in one step composes")
  func able() {
    #expect(remarks(.compareAndPut, store.timeout(.seconds(1)).verified()) == [])
    #expect(remarks([.compareAndPut, .get, .list, .delete], store) == [])
    let byKind = ByKind {
      store
    } immutable: {
      Quorum { MemoryDriver("a") }
    }
    #expect(remarks(.compareAndPut, byKind) == [])
  }

  // A8, R9
  @Test("A node that takes it away is named, and says why")
  func taken() {
    let why = "no child decides for the others, so of two conditional writes both could lose, or the wrong one win"
    let lacks = "the application needs compare-and-put, and it takes compare-and-put away from what is below it"
    let stores = { (0..<3).map { MemoryDriver("\($0)") } }
    #expect(
      remarks(.compareAndPut, Quorum { for store in stores() { store } }.timeout(.seconds(1)))
        == ["s/Timeout/Quorum: \(lacks): \(why)"])
    #expect(
      remarks(.compareAndPut, Replicated(reads: .newest) { for store in stores() { store } })
        == ["s/Replicated: \(lacks): \(why)"])
    #expect(
      remarks(.compareAndPut, FirstSuccess { for store in stores() { store } })
        == ["s/FirstSuccess: \(lacks): after a failure it is another child that decides"])
    #expect(remarks(.compareAndPut, store.writeOnly()) == ["s/WriteOnly: \(lacks)"])
    let byKind = ByKind {
      Quorum { MemoryDriver("a") }
    } immutable: {
      store
    }
    #expect(remarks(.compareAndPut, byKind.timeout(.seconds(1))) == ["s/Timeout/ByKind/Quorum: \(lacks): \(why)"])
  }

  // A8
  @Test("A store that has not what is needed is named, for each operation")
  func lacking() {
    let poor = Scripted("poor", capabilities: .basic)
    #expect(
      remarks([.compareAndPut, .list], poor.timeout(.seconds(1))) == [
        "s/Timeout/poor: the application needs list, and the driver has no list",
        "s/Timeout/poor: the application needs compare-and-put, and the driver has no compare-and-put",
      ])
  }

  // R9
  @Test("Without the need, the call is refused before any driver is touched, with the same reason")
  func refused() async throws {
    let stores = (0..<3).map { Scripted("\($0)") }
    let strategy = try Strategy("s") { Quorum { for store in stores { store } } }
    let stamp = Stamp(time: 1, writer: 1)
    let error = await #expect(throws: DriverError.self) {
      try await strategy.put([1], at: "k", ifUnchangedSince: stamp)
    }
    #expect(error?.code == .unsupported && error?.effect == .unchanged)
    #expect(error?.message.hasPrefix("Quorum has no compare-and-put: no child decides") == true)
    #expect(stores.allSatisfy { $0.calls.isEmpty })
  }
}
