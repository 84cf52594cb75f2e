private import CBenchmarkSupport

/// Something to measure: does it so many times. The loop is inside, so that it costs nothing on either side.
typealias Batch = (Int) async throws -> Void
/// The same, which takes the time itself.
typealias TimedBatch = (Int) async throws -> Duration

/// How to compare.
///
/// The machine may be busy with other things. So batches are short, each is compared with its neighbour only, the two
/// sides take turns in going first, and what counts is the median of many such pairs.
struct Comparison {
  /// How long a batch takes, about.
  var batch: Duration = .microseconds(300)
  /// How long all pairs may take together.
  var budget: Duration = .seconds(2)
  /// How many pairs are enough.
  var pairs = 2_000

  /// Measures two things against each other.
  func measure(_ here: Batch, against reference: Batch) async throws -> Measured {
    try await measureTimed({ try await timed($0, here) }, against: { try await timed($0, reference) })
  }

  /// Measures two things that take the time themselves.
  func measureTimed(_ here: TimedBatch, against reference: TimedBatch) async throws -> Measured {
    let (hereCount, referenceCount) = (try await calibrate(here), try await calibrate(reference))
    var (hereTimes, referenceTimes): ([Double], [Double]) = ([], [])
    let start = ContinuousClock.now
    while hereTimes.count < pairs, hereTimes.count < 5 || ContinuousClock.now - start < budget {
      if hereTimes.count.isMultiple(of: 2) {
        hereTimes.append(try await time(here, hereCount))
        referenceTimes.append(try await time(reference, referenceCount))
      } else {
        referenceTimes.append(try await time(reference, referenceCount))
        hereTimes.append(try await time(here, hereCount))
      }
    }
    return Measured(
      here: Figure(nanoseconds: median(hereTimes), allocations: try await allocations(here, median(hereTimes))),
      reference: Figure(
        nanoseconds: median(referenceTimes), allocations: try await allocations(reference, median(referenceTimes))),
      ratio: median(zip(hereTimes, referenceTimes).map { $0 / $1 }))
  }

  /// Measures one thing alone.
  func measure(_ batch: Batch) async throws -> Measured {
    let here: TimedBatch = { try await timed($0, batch) }
    let count = try await calibrate(here)
    var times: [Double] = []
    let start = ContinuousClock.now
    while times.count < pairs, times.count < 5 || ContinuousClock.now - start < budget {
      times.append(try await time(here, count))
    }
    return Measured(here: Figure(nanoseconds: median(times), allocations: try await allocations(here, median(times))))
  }

  /// Warms up, and finds how often an operation fits into a batch.
  private func calibrate(_ batch: TimedBatch) async throws -> Int {
    var count = 1
    while true {
      let nanoseconds = try await time(batch, count) * Double(count)
      if nanoseconds >= self.batch / .nanoseconds(1) / 2 {
        return max(1, Int(Double(count) * (self.batch / .nanoseconds(1)) / nanoseconds))
      }
      count *= 2
    }
  }

  /// The nanoseconds that one operation takes.
  private func time(_ batch: TimedBatch, _ count: Int) async throws -> Double {
    try await batch(count) / .nanoseconds(1) / Double(count)
  }
}

private func timed(_ count: Int, _ batch: Batch) async throws -> Duration {
  let start = ContinuousClock.now
  try await batch(count)
  return ContinuousClock.now - start
}

/// How often an operation allocates; `nil` where that cannot be counted.
///
/// The whole process is counted, since an operation may use several threads; the smallest of several counts is free of
/// what other threads happened to do.
///
/// - Parameter nanoseconds: How long an operation takes, which decides how many are counted.
private func allocations(_ batch: TimedBatch, _ nanoseconds: Double) async throws -> Double? {
  guard benchmark_allocation_count() >= 0 else { return nil }
  let operations = max(2, min(200, Int(20_000_000 / nanoseconds)))
  var smallest = Double.infinity
  for _ in 0..<5 {
    benchmark_count_allocations(1)
    let before = benchmark_allocation_count()
    _ = try await batch(operations)
    let after = benchmark_allocation_count()
    benchmark_count_allocations(0)
    smallest = min(smallest, Double(after - before) / Double(operations))
  }
  return smallest
}

func median(_ numbers: [Double]) -> Double { quantile(0.5, of: numbers) }

/// The number that so many of the others, as a share, are not above.
func quantile(_ share: Double, of numbers: [Double]) -> Double {
  let sorted = numbers.sorted()
  return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
}
