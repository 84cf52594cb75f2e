import Testing

@testable import MetaDriverTesting

@Suite struct ShrinkerTests {
  /// Everything that a run of the shrinker is judged by.
  private struct Trial {
    var kept: [Int] = []
    var asked: [[Int]] = []

    init(_ elements: [Int], _ stillFails: ([Int]) -> Bool) {
      var asked: [[Int]] = []
      kept = Shrinker.minimize(elements) { candidate in
        asked.append(candidate)
        return stillFails(candidate)
      }
      self.asked = asked
    }

    /// Whether leaving out any one more shows nothing.
    func isMinimal(_ stillFails: ([Int]) -> Bool) -> Bool {
      kept.indices.allSatisfy { index in
        var less = kept
        less.remove(at: index)
        return !stillFails(less)
      }
    }
  }

  @Test("Of nothing, nothing is left, and nobody is asked") func empty() {
    #expect(Trial([]) { _ in true }.asked.isEmpty)
  }

  @Test("Exactly the elements that are needed are left, for every set of them", arguments: 0...9)
  func needed(count: Int) {
    let elements = Array(0..<count)
    for mask in 0..<(1 << count) {
      let needed = elements.filter { mask & (1 << $0) != 0 }
      let trial = Trial(elements) { candidate in needed.allSatisfy(candidate.contains) }
      #expect(trial.kept == needed, "of \(count)")
      // All of them are known to fail.
      #expect(!trial.asked.contains(elements))
    }
  }

  // Whatever the condition, even one that fails with fewer and holds with more.
  @Test("For every condition on up to four elements the result fails, and with any one less it does not")
  func everyCondition() {
    for count in 1...4 {
      let elements = Array(0..<count)
      let all = 1 << count
      // Bit s of the condition says whether the subset s fails; all of them together do.
      for condition in 0..<(1 << (all - 1)) {
        let stillFails = { (subset: [Int]) -> Bool in
          let mask = subset.reduce(0) { $0 | (1 << $1) }
          return mask == all - 1 || condition & (1 << mask) != 0
        }
        let trial = Trial(elements, stillFails)
        #expect(stillFails(trial.kept) && trial.isMinimal(stillFails), "\(count) elements, condition \(condition)")
      }
    }
  }

  @Test("An element that only another one needed goes too")
  func chain() {
    // 1 is needed while 0 is there: the pass that takes 0 out must not be the last.
    let trial = Trial([1, 0, 2]) { $0.contains(2) && (!$0.contains(0) || $0.contains(1)) }
    #expect(trial.kept == [2])
  }

  @Test("It asks at most half the square of the count and a few times the count")
  func calls() {
    for count in [1, 2, 3, 7, 16, 33, 100] {
      let elements = Array(0..<count)
      // Each pass can take out the last one only: the worst there is.
      let worst = Trial(elements) { $0 == Array(0..<$0.count) }
      #expect(worst.kept.isEmpty)
      #expect(worst.asked.count <= count * (count + 1) / 2 + 3 * count, "\(count) elements: \(worst.asked.count)")
      // The usual case: few are needed.
      let usual = Trial(elements) { $0.contains(count / 2) }
      #expect(usual.asked.count <= 4 * count + 2, "\(count) elements: \(usual.asked.count)")
      let all = Trial(elements) { _ in false }
      #expect(all.asked.count <= 3 * count, "\(count) elements: \(all.asked.count)")
    }
  }

  @Test("What the question throws comes out") func throwing() {
    struct Stop: Error {}
    #expect(throws: Stop.self) { try Shrinker.minimize([1, 2, 3]) { _ in throw Stop() } }
  }
}
