/// What one side of a comparison costs, for each operation.
struct Figure {
  var nanoseconds: Double
  /// `nil` where the platform does not let them be counted.
  var allocations: Double?
  /// How often the calling actor was left; `nil` where that is not counted.
  var switches: Double?
  /// How many bytes an operation works through, where throughput is what matters.
  var byteCount: Int?
}

/// What a benchmark found.
struct Measured {
  var here: Figure
  /// The same thing without the package; `nil` for a figure that stands alone.
  var reference: Figure?
  /// Here against the reference: the median of the ratios of neighbouring batches.
  var ratio: Double?
}

/// One line of the table.
struct Row {
  let name: String
  let measured: Measured

  init(_ name: String, _ measured: Measured) {
    self.name = name
    self.measured = measured
  }
}

/// A row that can be measured.
struct Benchmark {
  let name: String
  let run: @Sendable () async throws -> Measured

  init(_ name: String, _ run: @escaping @Sendable () async throws -> Measured) {
    self.name = name
    self.run = run
  }

  /// Every row, in the order of the table.
  ///
  /// - Parameter folder: Where files may be written.
  static func all(in folder: String) -> [Benchmark] {
    modifiers + composites + quorums + ranking + mainActor + disk(in: folder) + sqlite(in: folder) + hashes
      + listings(in: folder) + simulations + histories + analysis + servers
  }

  /// Rows that need servers: those that `METADRIVER_SERVERS` says are there, in a build with their traits.
  private static var servers: [Benchmark] {
    #if HTTP
      http + stores
    #else
      []
    #endif
  }
}
