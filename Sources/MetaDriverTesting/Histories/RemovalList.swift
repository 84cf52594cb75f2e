/// Numbers in an order of their own, from which any can be taken out at once, and put back in reverse.
///
/// Source: D. Knuth, *Dancing Links*.
struct RemovalList {
  private var next: [Int]
  private var previous: [Int]
  private let end: Int

  /// - Parameters:
  ///   - numbers: Some of the numbers below a count, in the order in which they are listed.
  ///   - count: The count.
  init(_ numbers: some Sequence<Int>, below count: Int) {
    end = count
    next = Array(repeating: count, count: count + 1)
    previous = next
    for number in numbers {
      let last = previous[end]
      (next[last], previous[number], next[number], previous[end]) = (number, last, end, number)
    }
  }

  /// The first number that is left.
  var first: Int? { after(end) }

  /// The number after another one.
  func after(_ number: Int) -> Int? { next[number] == end ? nil : next[number] }

  /// Takes a number out, which is in the list.
  mutating func remove(_ number: Int) {
    next[previous[number]] = next[number]
    previous[next[number]] = previous[number]
  }

  /// Puts back the number that was taken out last, of those that are out.
  mutating func restore(_ number: Int) {
    next[previous[number]] = number
    previous[next[number]] = number
  }
}
