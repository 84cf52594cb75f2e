import Foundation
import Testing

@Suite struct TwoDevicesTests {
  private let example = Example(name: "two-devices")

  @Test func `The tour prints what is recorded, and leaves nothing behind`() async throws {
    let folder = try TemporaryFolder()
    let tour = try await example.run(in: folder)
    #expect(tour.output == (try expected("two-devices")))
    #expect(tour.errors == "")
    #expect(tour.status == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func `Two processes whose clocks are a minute apart churn the same notes, and see the same afterwards`()
    async throws
  {
    let folder = try TemporaryFolder()
    async let phone = example.run(["phone", "30", folder.path, "churn", "60"], in: folder)
    async let laptop = example.run(["laptop", "-30", folder.path, "churn", "60"], in: folder)
    #expect(try await (phone.status, laptop.status) == (0, 0))
    let seen = try await example.run(["laptop", "-30", folder.path, "show"], in: folder)
    #expect(seen.status == 0 && seen.output.split(separator: "\n").count == 10)
    #expect(try await example.run(["phone", "30", folder.path, "show"], in: folder).output == seen.output)
    #expect(try await example.run(["tablet", "0", folder.path, "show"], in: folder).output == seen.output)
  }

  @Test(arguments: [
    ["phone"], ["phone", "1000001", "/x", "show"], ["phone", "1", "/x", "churn", "0"], ["phone", "1", "/x", "dance"],
  ])
  func `Anything else shows how it is used`(words: [String]) async throws {
    let folder = try TemporaryFolder()
    let result = try await example.run(words, in: folder)
    #expect(result.status == 64)
    #expect(result.errors.hasPrefix("usage: two-devices\n"))
    #expect(result.output == "")
  }
}
