import MetaDriver

extension Analysis {
  /// Whether an operation still succeeds whichever leaves fail, so many of them.
  ///
  /// False too where it is not known: see ``survival(failures:domainFailures:of:)``.
  ///
  /// - Parameters:
  ///   - failures: How many leaves fail.
  ///   - domainFailures: How many failure domains fail, with every leaf that is in them.
  ///   - operation: What is to succeed.
  public func survives(failures: Int = 0, domainFailures: Int = 0, of operation: Operation) -> Bool {
    survival(failures: failures, domainFailures: domainFailures, of: operation).holds
  }

  /// Whether an operation still succeeds whichever leaves and domains fail, with those whose failure ends it.
  ///
  /// - Complexity: As ``Analysis`` says, for each choice of domains.
  public func survival(failures: Int, domainFailures: Int = 0, of operation: Operation) -> Guarantee {
    let claim = [
      failures > 0 || domainFailures == 0 ? "\(failures) \(failures == 1 ? "leaf" : "leaves")" : nil,
      domainFailures > 0 ? "\(domainFailures) \(domainFailures == 1 ? "domain" : "domains")" : nil,
    ].compactMap { $0 }.joined(separator: " and ")
    let domains = leaves.compactMap(\.domain).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
    do throws(Rule.Unsearchable) {
      for failed in Self.choices(min(domainFailures, domains.count), of: domains) {
        let fatal = try smallestFatalSet(operation) { leaves[$0].domain.map(failed.contains) ?? false }
        guard let fatal, fatal.count <= failures else { continue }
        var parts: [Witness.Part] = []
        if !failed.isEmpty { parts.append(Witness.Part(sentence: "% fail as a whole", names: failed)) }
        if !fatal.isEmpty { parts.append(Witness.Part(sentence: "% fail", names: names(fatal))) }
        let reason =
          parts.isEmpty ? "no \(operation) succeed at all" : "\(operation) do not survive the failure of \(claim)"
        return Guarantee(.no, reason, Witness(parts: parts))
      }
    } catch {
      return Guarantee(.unknown, Self.bound(leaves.count))
    }
    return Guarantee(.yes, "\(operation) survive the failure of any \(claim)")
  }

  /// How many leaves may fail, whichever they are; `nil` when nobody knows. -1 when nothing succeeds even if all work.
  public func resilience(of operation: Operation) -> Int? {
    do throws(Rule.Unsearchable) {
      let fatal = try smallestFatalSet(operation)
      return (fatal?.count ?? leaves.count + 1) - 1
    } catch { return nil }
  }

  static func bound(_ leafCount: Int) -> String {
    "\(leafCount) leaves, of which one stands in the tree more than once, are too many to look at every set of them"
  }

  /// Every choice of so many of some names.
  private static func choices(_ count: Int, of names: [String]) -> [[String]] {
    guard count > 0 else { return [[]] }
    return names.indices.flatMap { first in
      choices(count - 1, of: Array(names[(first + 1)...])).map { [names[first]] + $0 }
    }
  }
}
