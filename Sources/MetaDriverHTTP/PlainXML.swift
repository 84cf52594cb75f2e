#if HTTP
  /// What may be given to the XML parser of the system, which was made for documents of friends.
  package enum PlainXML {
    /// Whether there is nothing but elements and text behind a declaration, and all of it is UTF-8. What else XML has is
    /// in no reply that the drivers ask for; and the parser of some systems follows entities, and ends the process over
    /// names that are not UTF-8 and over instructions without a text.
    package static func holds(for bytes: some Collection<UInt8>) -> Bool {
      guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else { return false }
      var rest = text.utf8[...]
      if rest.starts(with: "<?xml ".utf8) {
        guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
        let declaration = String(decoding: rest[..<end], as: UTF8.self).lowercased()
        guard declaration.hasSuffix("?"), !declaration.contains("encoding") || declaration.contains("utf-8") else {
          return false
        }
        rest = rest[end...]
      } else if rest.first != UInt8(ascii: "<") {
        return false
      }
      return !zip(rest, rest.dropFirst()).contains { pair in
        pair.0 == UInt8(ascii: "<") && (pair.1 == UInt8(ascii: "!") || pair.1 == UInt8(ascii: "?"))
      }
    }
  }
#endif
