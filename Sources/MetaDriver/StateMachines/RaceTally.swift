/// Decides a race: the first copy wins; nothing is there when every child says so. Pure.
struct RaceTally<Copy: Sendable>: Tally {
  private let labels: [String]
  private var left: Int
  private(set) var winner: Copy?
  private(set) var search = Search()

  init(_ labels: [String], count: Int) {
    self.labels = labels
    left = count
  }

  var isDecided: Bool { winner != nil || left == 0 }

  mutating func record(_ result: Result<Copy?, DriverError>, from index: Int) {
    left -= 1
    switch result {
    case .success(let copy?): winner = winner ?? copy
    case .success(nil): search.recordAbsence(at: labels[index])
    case .failure(let error): search.record(error, at: labels[index])
    }
  }
}
