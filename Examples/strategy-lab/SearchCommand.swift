import MetaDriver
import MetaDriverAnalysis

/// The best trees over the leaves of a command line.
struct SearchCommand {
  private let search: TreeSearch
  private let count: Int

  init(_ words: [String]) throws(Problem) {
    var leaves: [(name: String, figures: LeafFigures)] = []
    var (reads, quantity, count): (Double?, StrategyGoal.Quantity, Int) = (nil, .load, 1)
    var (readFailures, writeFailures) = (0, 0)
    var rest = words.makeIterator()
    while let option = rest.next() {
      func value<Value>(_ kind: String, _ parse: (String) -> Value?) throws(Problem) -> Value {
        guard let text = rest.next() else { throw Problem(description: "\(option) needs \(kind)") }
        guard let value = parse(text) else { throw Problem(description: "\(option): '\(text)' is not \(kind)") }
        return value
      }
      switch option {
      case "--leaf": leaves.append(try Self.leaf(try value("a leaf") { $0 }))
      case "--reads": reads = try value("a share of reads, from 0 to 1", Double.init)
      case "--best": quantity = try value("load, latency or network", StrategyGoal.Quantity.init)
      case "--count": count = try value("a number of trees", Int.init)
      case "--survives":
        readFailures = try value("a number of failures", Int.init)
        writeFailures = readFailures
      case "--reads-survive": readFailures = try value("a number of failures", Int.init)
      case "--writes-survive": writeFailures = try value("a number of failures", Int.init)
      default: throw Problem(description: "'\(option)' is no option of search")
      }
    }
    guard let reads else { throw Problem(description: "--reads is missing: the share of operations that are reads") }
    var search = TreeSearch(of: leaves, for: StrategyGoal(quantity, readFraction: reads))
    (search.readFailures, search.writeFailures) = (readFailures, writeFailures)
    (self.search, self.count) = (search, count)
  }

  /// The trees, each with its figures and its guarantees.
  func report() throws(AnalysisError) -> String {
    let found = try search.best(count)
    guard !found.isEmpty else {
      return "no tree of \(search.leaves.map(\.name).joined(separator: ", ")) survives that many failures"
    }
    return found.map { "\($0)\n\n\($0.analysis)" }.joined(separator: "\n\n\n")
  }

  /// `NAME,read=4000,write=2000,latency=3ms`
  private static func leaf(_ text: String) throws(Problem) -> (name: String, figures: LeafFigures) {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    var figures = LeafFigures()
    for part in parts.dropFirst() {
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      let problem = Problem(
        description: "--leaf \(parts[0]): '\(part)' is none of read=NUMBER, write=NUMBER and latency=TIME, such as 3ms")
      guard pair.count == 2 else { throw problem }
      switch pair[0] {
      case "read": figures.readCapacity = try number(pair[1], else: problem)
      case "write": figures.writeCapacity = try number(pair[1], else: problem)
      case "latency": figures.latency = try time(pair[1], else: problem)
      default: throw problem
      }
    }
    return (parts[0], figures)
  }

  private static func number(_ text: String, else problem: Problem) throws(Problem) -> Double {
    guard let number = Double(text) else { throw problem }
    return number
  }

  private static func time(_ text: String, else problem: Problem) throws(Problem) -> Duration {
    let units: [(String, Double)] = [("ns", 1e-9), ("us", 1e-6), ("µs", 1e-6), ("ms", 1e-3), ("s", 1)]
    guard let (unit, seconds) = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(text.dropLast(unit.count)), abs(number * seconds) <= 1e15
    else { throw problem }
    return .seconds(number * seconds)
  }
}
