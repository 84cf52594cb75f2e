/// What is wrong with a file or a question.
struct Problem: Error, CustomStringConvertible {
  let description: String
}

extension Problem {
  /// Where in a file something is wrong, and what.
  init(_ error: DecodingError) {
    let context: DecodingError.Context
    switch error {
    case .dataCorrupted(let found), .keyNotFound(_, let found), .typeMismatch(_, let found),
      .valueNotFound(_, let found):
      context = found
    @unknown default: self.init(description: "\(error)"); return
    }
    let place = context.codingPath.reduce("") { text, key in
      key.intValue.map { "\(text)[\($0)]" } ?? (text.isEmpty ? key.stringValue : "\(text).\(key.stringValue)")
    }
    self.init(description: place.isEmpty ? context.debugDescription : "\(place): \(context.debugDescription)")
  }
}
