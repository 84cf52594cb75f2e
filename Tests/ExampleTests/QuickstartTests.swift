import Foundation
import Testing

@Suite struct QuickstartTests {
  @Test func `The tour prints what is recorded, and leaves nothing behind`() async throws {
    let folder = try TemporaryFolder()
    let tour = try await Example(name: "quickstart").run(in: folder)
    #expect(tour.output == (try expected("quickstart")))
    #expect(tour.errors == "")
    #expect(tour.status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }
}
