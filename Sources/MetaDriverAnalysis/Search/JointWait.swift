/// How long it takes, on average, until the first of some delays is over, for every set of them at once: the integral of how
/// likely all are still under way, to eight digits.
struct JointWait {
  private let delays: [SumOfDelays]

  init(_ delays: [SumOfDelays]) { self.delays = delays }

  /// At the number of each set; zero for none.
  var average: [Double] {
    var end = 1.0
    while end < 1e20, delays.contains(where: { 1 - $0.share(within: end) > 1e-13 }) { end *= 2 }
    // Halves of halves: as fine at the times of the quickest as at those of the slowest.
    var sums = Array(repeating: 0.0, count: 1 << delays.count)
    var last = (time: end, values: underWay(end))
    while last.time > 0 {
      let start = last.time > 0.01 ? last.time / 2 : 0
      let first = (time: start, values: underWay(start))
      add(first, underWay((start + last.time) / 2), last, tolerance: 1e-10, depth: 30, to: &sums)
      last = first
    }
    return sums
  }

  /// How likely all of a set are under way, at the number of the set.
  private func underWay(_ time: Double) -> [Double] {
    var likely = [1.0]
    for delay in delays {
      let left = 1 - delay.share(within: time)
      likely += likely.map { $0 * left }
    }
    likely[0] = 0
    return likely
  }

  /// Adds a part of the integral by Simpson's rule, with smaller steps where they matter.
  ///
  /// - Parameter tolerance: By how much the average over the part may be wrong.
  private func add(
    _ start: (time: Double, values: [Double]), _ middle: [Double], _ end: (time: Double, values: [Double]),
    tolerance: Double, depth: Int, to sums: inout [Double]
  ) {
    let length = end.time - start.time
    let center = (start.time + end.time) / 2
    let (left, right) = (underWay((start.time + center) / 2), underWay((center + end.time) / 2))
    var values: [Double] = []
    var worst = 0.0
    for set in sums.indices {
      let outer = start.values[set] + end.values[set]
      let fine = (outer + 2 * middle[set] + 4 * (left[set] + right[set])) / 12
      let difference = fine - (outer + 4 * middle[set]) / 6
      values.append(fine + difference / 15)
      worst = max(worst, abs(difference))
    }
    if depth == 0 || worst <= 15 * tolerance {
      for set in sums.indices { sums[set] += length * values[set] }
    } else {
      let center = (time: center, values: middle)
      // A half counts for half. So what is left of a jump, or of the rounding of a delay, soon is small enough.
      add(start, left, center, tolerance: tolerance * 2, depth: depth - 1, to: &sums)
      add(center, right, end, tolerance: tolerance * 2, depth: depth - 1, to: &sums)
    }
  }
}
