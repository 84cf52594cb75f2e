import MetaDriver
import MetaDriverTesting
import TestSupport
import Testing

@Suite struct DriverBuilderTests {
  private func names(@DriverBuilder _ drivers: () -> [any Driver]) -> [String] {
    drivers().map { $0.leaf?.name ?? "?" }
  }

  private func named(_ name: String) -> MemoryDriver { MemoryDriver(name) }

  @Test("Drivers come in the order of their lines")
  func lines() {
    #expect(names { named("a") } == ["a"])
    #expect(
      names {
        named("a")
        Scripted("b")
        named("c")
      } == ["a", "b", "c"])
  }

  @Test("What a condition leaves out is not there", arguments: [true, false])
  func conditions(online: Bool) {
    let optional: MemoryDriver? = online ? named("maybe") : nil
    let found = names {
      named("disk")
      if online { named("cloud") }
      if online { named("near") } else { named("far") }
      if let optional { optional }
      switch online {
      case true:
        named("one")
        named("two")
      case false: named("none")
      }
      if #available(macOS 15, *) { named("new") }
    }
    #expect(
      found == (online ? ["disk", "cloud", "near", "maybe", "one", "two", "new"] : ["disk", "far", "none", "new"]))
  }

  @Test("A loop gives a driver for each round, and none for none", arguments: 0...3)
  func loops(count: Int) {
    let found = names {
      for number in 0..<count {
        named("\(number)")
        if number == 1 { named("extra") }
      }
      named("last")
    }
    let expected: [String] = Array(["0", "1", "extra", "2"].prefix(count > 1 ? count + 1 : count))
    #expect(found == expected + ["last"])
  }

  @Test("Drivers that were collected elsewhere take their place among the lines")
  func arrays() {
    let mirrors: [any Driver] = [named("b"), named("c")]
    #expect(
      names {
        named("a")
        mirrors
        named("d")
      } == ["a", "b", "c", "d"])
  }

  @Test("A composite has the children of its block, in their order, and counts what is really there")
  func children() {
    let tree = Quorum(read: .majority, write: .all) {
      for name in ["a", "b"] { named(name).required() }
      named("c")
    }
    #expect(tree.outline.children.map(\.label) == ["a", "b", "c"])
    #expect(tree.outline.parameters.map(\.value) == ["2 of 3", "3 of 3"])
  }

  @Test("A node whose conditions leave nothing says so when it is called without a strategy")
  func nothingLeft() async throws {
    let flag = Bool("false") ?? true
    let empty = FirstSuccess { if flag { named("a") } }
    let error = await #expect(throws: DriverError.self) { try await empty.get(.mutable("k")) }
    #expect(
      error?.description == """
        unsupported at FirstSuccess: FirstSuccess was composed wrongly: it has no child, so it can neither read nor \
        write. Put at least one driver into its block; look at the conditions that left all of them out
        """)
  }
}
