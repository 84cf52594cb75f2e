import MetaDriverTesting
import Testing

@Suite struct GuaranteeTests {
  @Test("Every guarantee has a name of its own") func names() {
    #expect(Set(Guarantee.allCases.map(\.description)).count == Guarantee.allCases.count)
  }
}
