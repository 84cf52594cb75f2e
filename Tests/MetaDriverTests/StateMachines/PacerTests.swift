import Testing

@testable import MetaDriver

@Suite struct PacerTests {
  @Test("Items begin as far apart as the rate says, by their number and by their bytes")
  func rates() {
    var items = Pacer(itemsPerSecond: 4, bytesPerSecond: nil)
    #expect(
      (0..<3).map { _ in items.begin(now: .zero, byteCount: 9) } == [.zero, .milliseconds(250), .milliseconds(500)])
    var bytes = Pacer(itemsPerSecond: nil, bytesPerSecond: 1_000)
    #expect(
      [500, 1_000, 1].map { bytes.begin(now: .zero, byteCount: $0) } == [
        .zero, .milliseconds(500), .milliseconds(1_500),
      ])
    var free = Pacer(itemsPerSecond: nil, bytesPerSecond: nil)
    #expect((0..<3).map { _ in free.begin(now: .seconds(3), byteCount: 9) } == [.seconds(3), .seconds(3), .seconds(3)])
  }

  @Test("A pause is not made up for")
  func pause() {
    var pacer = Pacer(itemsPerSecond: 1, bytesPerSecond: nil)
    #expect(pacer.begin(now: .zero, byteCount: 0) == .zero)
    #expect([10, 10].map { pacer.begin(now: .seconds($0), byteCount: 0) } == [.seconds(10), .seconds(11)])
  }
}
