import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct AxisScaleTests {
  @Test(
    "Marks are round, and written as briefly as they can be",
    arguments: [
      ([0, 1], false, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
      ([0, 97], false, ["0", "20", "40", "60", "80", "100"]),
      ([-40, 12_345], false, ["-5000", "0", "5000", "10\u{202f}000", "15\u{202f}000"]),
      ([0, 4e6], false, ["0", "10⁶", "2·10⁶", "3·10⁶", "4·10⁶"]),
      ([3, 3], false, ["2.6", "2.8", "3", "3.2", "3.4"]),
      ([0, 0], false, ["-0.6", "-0.4", "-0.2", "0", "0.2", "0.4", "0.6"]),
      ([0.3, 700], true, ["0.1", "1", "10", "100", "1000"]),
      ([2, 40], true, ["2", "5", "10", "20", "50"]),
      ([5, 5], true, ["2", "5", "10"]),
      ([1e-9, 1e8], true, ["10⁻¹⁰", "10⁻⁶", "10⁻²", "10²", "10⁶", "10¹⁰"]),
      ([], false, ["0", "0.2", "0.4", "0.6", "0.8", "1"]),
    ] as [([Double], Bool, [String])])
  func marks(values: [Double], isLogarithmic: Bool, expected: [String]) {
    let scale = AxisScale(showing: values, isLogarithmic: isLogarithmic, tickCount: 5)
    #expect(scale.ticks.map(scale.text) == expected)
  }

  @Test("Whatever can be shown has a place, and the marks are few and different", arguments: 0..<500 as Range<UInt64>)
  func chance(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let isLogarithmic = Bool.random(using: &generator)
    var values: [Double] = []
    for _ in 0..<Int.random(in: 1...5, using: &generator) {
      var value = Double.random(in: 1...10, using: &generator)
      for _ in 0..<Int.random(in: 0...14, using: &generator) { value *= seed.isMultiple(of: 2) ? 10 : 0.1 }
      values.append(!isLogarithmic && Bool.random(using: &generator) ? -value : value)
    }
    values = values.filter { AxisScale.canShow($0, isLogarithmic: isLogarithmic) }
    let scale = AxisScale(showing: values, isLogarithmic: isLogarithmic, tickCount: 5)
    for value in values { #expect((-1e-6...1 + 1e-6).contains(scale.position(of: value)), "\(value) of \(values)") }
    #expect((2...12).contains(scale.ticks.count))
    #expect(zip(scale.ticks, scale.ticks.dropFirst()).allSatisfy { $0 < $1 })
    #expect(Set(scale.ticks.map(scale.text)).count == scale.ticks.count, "\(values)")
  }

  @Test("What is not finite, too far, or not above zero on a logarithmic axis, is not shown")
  func excluded() {
    for value in [Double.nan, .infinity, -.infinity, 1e16, -1e300] {
      #expect(!AxisScale.canShow(value, isLogarithmic: false))
      #expect(!AxisScale.canShow(value, isLogarithmic: true))
    }
    for value in [0, -1, 1e-300] {
      #expect(AxisScale.canShow(value, isLogarithmic: false))
      #expect(!AxisScale.canShow(value, isLogarithmic: true))
    }
  }
}
