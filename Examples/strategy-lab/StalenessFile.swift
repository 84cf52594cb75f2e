import Foundation
import MetaDriver
import MetaDriverAnalysis

/// A file of quorums, with how long their messages take.
struct StalenessFile {
  /// A part of a mixture: `[weight, "exponential", lambda]`, `[weight, "pareto", xm, alpha]` or `[weight, "constant", ms]`.
  struct Part: Decodable {
    let weight: Double
    let delay: DelayDistribution

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      weight = try list.decode(Double.self)
      let word = try list.decode(String.self)
      func number(_ name: String, above least: Double) throws -> Double {
        let number = try list.decode(Double.self)
        // A delay is at most a million seconds.
        guard number >= least, number <= 1e9, number.isFinite else {
          throw Self.problem(decoder, "the \(name) of a \(word) is from \(least) to 1e9, and not \(number)")
        }
        return number
      }
      switch word {
      case "exponential": delay = .exponential(mean: .milliseconds(1 / (try number("lambda", above: 1e-9))))
      case "pareto":
        let minimum = try number("xm", above: 0)
        delay = .pareto(minimum: .milliseconds(minimum), shape: try number("alpha", above: 1e-9))
      case "constant": delay = .constant(.milliseconds(try number("time", above: 0)))
      default: throw Self.problem(decoder, "'\(word)' is none of exponential, pareto and constant")
      }
      guard list.isAtEnd else {
        throw Self.problem(decoder, "a part has nothing more behind the numbers of its \(word)")
      }
    }

    private static func problem(_ decoder: any Decoder, _ text: String) -> DecodingError {
      .dataCorrupted(DecodingError.Context(codingPath: decoder.codingPath, debugDescription: text))
    }
  }

  struct Question: Decodable {
    let id: String
    let replicas: Int
    let read: Int
    let write: Int
    let W: [Part]
    let A: [Part]
    let R: [Part]
    let S: [Part]
    let at: [Double]
    let trials: Int
    let seed: UInt64
    let home_delay_ms: Double?
  }

  let questions: [Question]

  init(contentsOf path: String) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    do { questions = try JSONDecoder().decode([Question].self, from: data) } catch let error as DecodingError {
      throw Problem(error)
    }
  }

  /// A line of JSON for each question.
  func reports() throws -> [String] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try questions.map { question in
      do {
        return String(decoding: try encoder.encode(StalenessReport(question)), as: UTF8.self)
      } catch { throw Problem(description: "\(question.id): \(error)") }
    }
  }
}
