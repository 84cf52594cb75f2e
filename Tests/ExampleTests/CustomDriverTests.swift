import Testing

@Suite struct CustomDriverTests {
  @Test func `A leaf and a composite of one's own work in a tree with those of the package`() async throws {
    let example = try await Example(name: "custom-driver").run(in: TemporaryFolder())
    #expect(example.output == (try expected("custom-driver")))
    #expect(example.errors == "")
    #expect(example.status == 0)
  }
}
