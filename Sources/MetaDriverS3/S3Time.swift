#if HTTP
  private import Foundation

  /// The times of S3's documents.
  enum S3Time {
    /// The time since 1970 of a text such as `2026-11-23T03:59:22.000Z`; `nil` for anything else.
    static func parse(_ text: String) -> Duration? {
      let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
      return (try? style.parse(text)).map { .seconds($0.timeIntervalSince1970) }
    }
  }
#endif
