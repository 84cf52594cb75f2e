import MetaDriver
import MetaDriverAnalysis
import MetaDriverTesting

/// What was predicted of a tree and what it did, side by side.
package struct Prediction: Sendable, CustomStringConvertible {
  package let what: String
  package let predicted: Double
  package let measured: Double
  /// Whether it is a time in milliseconds, rather than a probability.
  package let isTime: Bool

  /// How far the two are apart: a share of what was predicted for a time, the difference of probabilities otherwise.
  package var error: Double { abs(measured - predicted) / (isTime ? predicted : 1) }

  package var description: String { "\(what): \(predicted) predicted, \(measured) measured" }
}

extension Predicted {
  /// Everything that is predicted of the tree, against so many operations of the tree itself.
  ///
  /// - Parameter trials: How many operations a prediction is made of that has no closed form.
  package func predictions(
    shares: [Double], operations: Int, pairs: Int, trials: Int
  ) throws -> [Prediction] {
    let measurement = measurement
    let analysis = Analysis(of: try measurement.outline())
    let leaves = Dictionary(uniqueKeysWithValues: timings)
    var predictions: [Prediction] = []
    for operation in Analysis.Operation.allCases {
      let latency = try analysis.latency(of: operation, leaves: leaves, trials: trials)
      let measured = try measurement.latencies(writes: operation == .writes, count: operations).sorted()
      if latency.success < 1 {
        predictions.append(
          Prediction(
            what: "\(rawValue), share of \(operation) that succeed", predicted: latency.success,
            measured: Double(measured.count) / Double(operations), isTime: false))
      }
      for share in shares {
        // Both are quantiles of all operations, those that fail included.
        let rank = Int((share * Double(operations)).rounded(.up)) - 1
        guard let predicted = latency.quantile(share), measured.indices.contains(rank) else { continue }
        predictions.append(
          Prediction(
            what: "\(rawValue), \(operation) at \(share)", predicted: predicted / .milliseconds(1),
            measured: Double(measured[rank]) / 1e6, isTime: true))
      }
    }
    guard isStale else { return predictions }
    let staleness = try analysis.staleness(leaves: leaves, trials: trials)
    let delays = [0, 5, 15].map { Duration.milliseconds($0) }
    for (delay, measured) in zip(delays, try measurement.consistency(after: delays, count: pairs)) {
      predictions.append(
        Prediction(
          what: "\(rawValue), consistent after \(delay)", predicted: staleness.consistency(after: delay),
          measured: measured, isTime: false))
    }
    return predictions
  }
}
