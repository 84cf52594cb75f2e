#if HTTP
  private import Foundation
  package import MetaDriver

  extension HTTPResponse {
    /// How much of a body is looked at, in bytes, and how much of it is shown, in characters.
    private static let (lookedAt, shown) = (4_096, 120)

    /// What the body says, if it is text: its first words, without the markup. They are for people to read, and may hold
    /// anything.
    package var words: String? {
      guard !body.isEmpty, !repeatsSecret, headers["Content-Encoding"] == nil else { return nil }
      let text = String(decoding: body.prefix(Self.lookedAt), as: UTF8.self)
      guard !text.unicodeScalars.contains(where: { $0.value < 0x20 && ![9, 10, 13].contains($0.value) }) else {
        return nil
      }
      var kept = ""
      var isMarkup = false
      for character in text.replacing(/(?is)<(script|style)\b.*?(<\/\1>|$)/, with: " ") {
        if character == "<" { isMarkup = true }
        kept.append(isMarkup || character.isWhitespace ? " " : character)
        if character == ">" { isMarkup = false }
      }
      let words = kept.split(separator: " ").joined(separator: " ")
      return words.isEmpty ? nil : String(words.prefix(Self.shown))
    }

    /// The reply, with a note if its body repeats a secret of the request: whoever shows it would show the secret.
    package func hidingSecrets(of request: HTTPRequest) -> HTTPResponse {
      guard !body.isEmpty else { return self }
      let text = String(decoding: body.prefix(2 * Self.lookedAt), as: UTF8.self)
      guard request.headers.fields.contains(where: { $0.isSecret && Self.isShown($0.value, in: text) }) else {
        return self
      }
      var response = self
      response.repeatsSecret = true
      return response
    }

    /// Whether a text has a secret in it: the value of a field, what follows its first word, or a password in that.
    private static func isShown(_ value: String, in text: String) -> Bool {
      guard let last = value.split(separator: " ").last.map(String.init) else { return false }
      if text.contains(last) { return true }
      guard let pair = Data(base64Encoded: last).flatMap({ String(data: $0, encoding: .utf8) }),
        let password = pair.firstIndex(of: ":").map({ pair[pair.index(after: $0)...] }), !password.isEmpty
      else { return false }
      return text.contains(password)
    }

    /// Refuses a body that somebody has compressed, which nobody asked for: these are not the bytes that were stored.
    package func checkEncoding(_ operation: String, at place: String) throws(DriverError) {
      guard let coding = headers["Content-Encoding"], !coding.isEmpty, coding.lowercased() != "identity" else { return }
      throw DriverError(
        .unavailable,
        "\(operation) at \(place) was answered with status \(status) and Content-Encoding \(quoted(String(coding.prefix(40)))), "
          + "which was not asked for: tell the server, and what is in front of it, to send the bytes as they are",
        effect: .unchanged, isRetryable: false)
    }
  }
#endif
