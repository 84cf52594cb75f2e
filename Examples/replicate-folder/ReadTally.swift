import MetaDriver

/// Counts what each folder answers to the reads of the quorum, which itself tells the best answer only.
final class ReadTally: Observer {
  private let report: Report
  private let names: [String]

  init(_ report: Report, names: [String]) {
    self.report = report
    self.names = names
  }

  func record(_ event: Event) {
    guard event.operation == .get, event.indices.count == 1, let index = event.indices.first else { return }
    switch event.outcome {
    case .found: report.note(names[index], "good")
    case .tombstone: report.note(names[index], "deleted")
    case .absent: report.note(names[index], "missing")
    case .failed(let error) where error.code == .cancelled: break
    case .failed(let error): report.note(names[index], "failed (\(error.code))", because: error.message)
    default: break
    }
  }
}
