/// Finds few of many things that still show what all of them show. Pure.
enum Shrinker {
  /// Leaves out as many elements as possible, in ever smaller pieces, until leaving out any one more shows nothing.
  ///
  /// - Parameters:
  ///   - elements: What to leave out of.
  ///   - stillFails: Whether what is left still shows it. It is never asked about all of them.
  /// - Returns: What is left, in its order.
  static func minimize<Element>(
    _ elements: [Element], while stillFails: ([Element]) throws -> Bool
  ) rethrows -> [Element] {
    var kept = elements
    var size = kept.count
    while size >= 1 {
      var start = 0
      var isChanged = false
      while start < kept.count {
        let end = min(start + size, kept.count)
        let candidate = Array(kept[..<start] + kept[end...])
        if try stillFails(candidate) {
          kept = candidate
          isChanged = true
        } else {
          start = end
        }
      }
      // At the smallest size, go round again as long as it helps: one may have been needed only by another.
      if size > 1 || !isChanged { size /= 2 }
    }
    return kept
  }
}
