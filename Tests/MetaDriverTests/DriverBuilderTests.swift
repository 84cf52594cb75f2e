import MetaDriver
import TestSupport
import Testing

@Suite struct DriverBuilderTests {
  private let a = ScriptedDriver("a"), b = ScriptedDriver("b"), c = ScriptedDriver("c")

  private func names(@DriverBuilder _ block: () -> [any Driver]) -> [String?] { block().map(\.outline.name) }

  @Test("if, else, switch, for, #available and arrays decide which drivers are there", arguments: [true, false])
  func control(flag: Bool) {
    #expect(
      names {
        a
        if flag { b }
        c
      } == (flag ? ["a", "b", "c"] : ["a", "c"]))
    #expect(names { if flag { a } else { b } } == [flag ? "a" : "b"])
    #expect(
      names {
        switch flag {
        case true:
          a
          b
        case false: c
        }
      } == (flag ? ["a", "b"] : ["c"]))
    #expect(
      names { for driver in [a, b, c] where driver.outline.name != "b" || flag { driver } }.count == (flag ? 3 : 2))
    #expect(names { if #available(macOS 15, *) { a } } == ["a"])
    let others: [any Driver] = [b, c.localOnly()]
    #expect(
      names {
        a
        others
      } == ["a", "b", nil])
    #expect(
      names {
        let chosen = flag ? a : b
        chosen
        if let optional = flag ? c : nil { optional }
      } == (flag ? ["a", "c"] : ["b"]))
  }

  @Test("A composite has the children of its block, in their order, and counts what is really there")
  func children() {
    let tree = Quorum(read: .majority, write: .all) {
      for driver in [a, b] { driver.required() }
      c
    }
    #expect(tree.outline.children.map(\.label) == ["a", "b", "c"])
    #expect(tree.outline.parameters.map(\.value) == ["2 of 3", "3 of 3"])
  }

  @Test("A block whose conditions leave nothing composes no strategy, and says so when it is called all the same")
  func nothingLeft() async throws {
    let flag = Bool("false") ?? true
    let empty = FirstSuccess { if flag { a } }
    let error = await #expect(throws: DriverError.self) { try await empty.get(.mutable("k")) }
    #expect(
      error?.description == """
        unsupported at FirstSuccess: FirstSuccess was composed wrongly: it has no child, so it can neither read nor \
        write. Put at least one driver into its block; look at the conditions that left all of them out
        """)
  }
}
