import MetaDriver
import Testing

@Suite struct HintsTests {
  private enum Owner: HintKey { typealias Value = String }
  private enum Author: HintKey { typealias Value = String }
  private enum Attempts: HintKey { typealias Value = Int }
  private enum Maybe: HintKey { typealias Value = Int? }

  @Test("A hint is found under its own key only")
  func typed() {
    var hints = Hints()
    #expect(hints[Owner.self] == nil)
    hints[Owner.self] = "alice"
    hints[Attempts.self] = 3
    #expect(hints[Owner.self] == "alice")
    #expect(hints[Author.self] == nil)
    #expect(hints[Attempts.self] == 3)
  }

  @Test("A hint can be replaced and taken away, and a copy keeps its own")
  func values() {
    var hints = Hints()
    hints[Owner.self] = "alice"
    let copy = hints
    hints[Owner.self] = "bob"
    #expect(hints[Owner.self] == "bob")
    #expect(copy[Owner.self] == "alice")
    hints[Owner.self] = nil
    #expect(hints[Owner.self] == nil)
  }

  @Test("A hint whose value is optional can say that there is none")
  func optional() {
    var hints = Hints()
    hints[Maybe.self] = .some(nil)
    #expect(hints[Maybe.self] == .some(nil))
    hints[Maybe.self] = .some(7)
    #expect(hints[Maybe.self] == .some(7))
  }

  @Test("The package's own hints carry their types")
  func own() throws {
    var hints = Hints()
    hints[LocationsHint.self] = [try StorageURL("https://alice.example/profile")]
    hints[TransactionHint.self] = "tx1"
    #expect(hints[LocationsHint.self]?.map(\.string) == ["https://alice.example/profile"])
    #expect(hints[TransactionHint.self] == "tx1")
  }
}
