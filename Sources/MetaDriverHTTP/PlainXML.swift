#if HTTP
  /// What may be given to the XML parser of the system, which was made for documents of friends.
  package enum PlainXML {
    /// Whether there is nothing but elements, text and comments behind a declaration, and all of it is UTF-8. What else XML
    /// has is in no reply that the drivers ask for, and the parser of some systems ends the process over names that are not UTF-8 and over instructions
    /// without a text.
    package static func holds(for body: some Collection<UInt8>) -> Bool {
      guard !body.contains(0), String(validating: body, as: UTF8.self) != nil else { return false }
      var rest = Array(body)[...]
      if rest.starts(with: [0xef, 0xbb, 0xbf]) { rest = rest.dropFirst(3) }
      if rest.starts(with: "<?xml ".utf8) {
        guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
        let declaration = String(decoding: rest[..<end], as: UTF8.self).lowercased()
        guard declaration.hasSuffix("?"), !declaration.contains("encoding") || declaration.contains("utf-8") else {
          return false
        }
        rest = rest[end...]
      }
      while let start = rest.firstIndex(of: UInt8(ascii: "<")) {
        rest = rest[(start + 1)...]
        if rest.first == UInt8(ascii: "?") { return false }
        if rest.first == UInt8(ascii: "!"), !rest.starts(with: "!--".utf8), !rest.starts(with: "![CDATA[".utf8) {
          return false
        }
      }
      return true
    }
  }
#endif
