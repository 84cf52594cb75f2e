import MetaDriver

#if canImport(Darwin)
  private import Darwin
#elseif canImport(Glibc)
  private import Glibc
#elseif canImport(Musl)
  private import Musl
#endif

/// The staleness of leaves that are alike, whose requests take exponential times and whose replies take none: the one case
/// with a short answer.
///
/// When a write is acknowledged, the leaves that lack it go on as if they had just been asked, because an exponential time
/// forgets how long it has lasted. A read misses the write when its first answers all come from these, each before the
/// write is there.
struct ExponentialStaleness: Sendable {
  /// How likely the reads of a moment later miss the write, and how much less so with every nanosecond.
  private let missed: Double
  private let rate: Double

  /// - Parameters:
  ///   - count: How many leaves there are.
  ///   - needed: How many must have the write, and how many a read takes.
  ///   - writeMean: How long a write takes to a leaf, on average, and how long a read does, in nanoseconds.
  init(
    leaves count: Int, writes needed: Int, reads taken: Int, writeMean: Double, readMean: Double
  ) {
    var missed = 1.0
    for place in 0..<taken {
      let left = Double(count - place)
      // That this answer too comes from a leaf without the write, and how long the later ones wait for it to come.
      missed *= max(Double(count - needed - place), 0) / left
      missed *= left / readMean / (left / readMean + Double(taken - place) / writeMean)
    }
    self.missed = missed
    rate = Double(taken) / writeMean
  }

  func consistency(after time: Double) -> Double { 1 - missed * exp(-rate * max(time, 0)) }

  func visibility(_ share: Double) -> Double {
    guard missed > 1 - share else { return 0 }
    return share < 1 ? log(missed / (1 - share)) / rate : .infinity
  }
}

extension ExponentialStaleness {
  /// `nil` for any other case.
  init?(_ leaves: [LeafPlace], reads: Rule, writes: Rule, _ timings: [LeafTiming]) {
    guard !leaves.contains(where: \.isLocalOnly), let first = timings.first, timings.allSatisfy({ $0 == first }),
      first.readSuccess == 1, first.writeSuccess == 1, first.readReply == .none, first.writeReply == .none,
      case .exponential(let write)? = first.writeRequest.onlyPart,
      case .exponential(let read)? = first.readRequest.onlyPart, write > 0, read > 0,
      let taken = reads.count(of: leaves.count), let needed = writes.count(of: leaves.count)
    else { return nil }
    self.init(leaves: leaves.count, writes: needed, reads: taken, writeMean: write, readMean: read)
  }
}

extension DelayDistribution {
  fileprivate var onlyPart: DelayPart? { parts.count == 1 ? parts[0] : nil }
}

extension Rule {
  /// How many of all members it needs, where it is about nothing else than their number.
  func count(of members: Int) -> Int? {
    func count(_ needed: Int, _ parts: [Rule]) -> Int? {
      parts.count == members && Set(mentions).count == members
        && parts.allSatisfy { if case .child = $0 { true } else { false } } ? needed : nil
    }
    switch self {
    case .child: return members == 1 ? 1 : nil
    case .any(let parts): return parts.count == 1 ? parts[0].count(of: members) : count(1, parts)
    case .all(let parts): return parts.count == 1 ? parts[0].count(of: members) : count(parts.count, parts)
    case .atLeast(let needed, let parts):
      return parts.count == 1 && needed == 1 ? parts[0].count(of: members) : count(needed, parts)
    }
  }
}
