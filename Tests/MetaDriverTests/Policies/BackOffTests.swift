import TestSupport
import Testing

@testable import MetaDriver

@Suite struct BackOffTests {
  @Test("The longest wait doubles after each failure, up to the limit") func longest() {
    let backOff = BackOff(from: .seconds(1), upTo: .seconds(10))
    #expect((1...6).map { backOff.longest(after: $0) } == [1, 2, 4, 8, 10, 10].map(Duration.seconds))
    #expect(backOff.longest(after: .max) == .seconds(10) && backOff.longest(after: 0) == .seconds(1))
    #expect("\(backOff)" == "\(Duration.seconds(1)) to \(Duration.seconds(10))")
  }

  @Test("A wait lies between the half and the whole of that, and no two need be equal") func jitter() {
    let backOff = BackOff(from: .seconds(1), upTo: .seconds(10)), runtime = Runtime.manual()
    let waits = (0..<100).map { _ in backOff.wait(after: 3, on: runtime) }
    #expect(waits.allSatisfy { (.seconds(2)...Duration.seconds(4)).contains($0) })
    #expect(Set(waits).count > 90)
  }
}
