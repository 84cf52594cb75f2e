#if HTTP
  public import MetaDriver

  /// The fields of an HTTP message, in their order. Names are compared without regard to case.
  ///
  /// ```swift
  /// var headers: HTTPHeaders = ["Accept": "application/json"]
  /// headers.add("Authorization", secret: Secret("Bearer \(token)"))
  /// print(headers)                                   // Accept: application/json, Authorization: <redacted>
  /// ```
  public struct HTTPHeaders: Sendable, ExpressibleByDictionaryLiteral {
    /// One field.
    public struct Field: Sendable, CustomStringConvertible, CustomReflectable {
      /// The name, as it was given.
      public let name: String
      /// The value.
      public let value: String
      /// Whether the value is never printed, and never sent to another host than the request was made for.
      public let isSecret: Bool

      /// Name and value, or that it is a secret.
      public var description: String { "\(name): \(isSecret ? "<redacted>" : value)" }
      /// The name, and the value where it is none.
      public var customMirror: Mirror { Mirror(self, children: ["field": description]) }
    }

    /// The fields, in their order.
    public private(set) var fields: [Field] = []

    /// Makes fields of names and values.
    public init(dictionaryLiteral elements: (String, String)...) { for (name, value) in elements { add(name, value) } }

    /// The value of the first field of that name.
    public subscript(_ name: String) -> String? { fields.first { $0.name.isFieldName(name) }?.value }

    /// Adds a field behind the others.
    public mutating func add(_ name: String, _ value: String) {
      fields.append(Field(name: name, value: value, isSecret: false))
    }

    /// Adds a field whose value is never printed, and never sent to another host than the request was made for.
    public mutating func add(_ name: String, secret: Secret) {
      fields.append(Field(name: name, value: secret.value, isSecret: true))
    }

    /// Keeps the fields that satisfy a condition.
    package mutating func keep(where isKept: (Field) -> Bool) { fields.removeAll { !isKept($0) } }

    /// Refuses what would end a field, or is no name of one: a value from outside must not write fields of its own.
    ///
    /// - Throws: `unsupported`, naming the field and never its value.
    package func check() throws(DriverError) {
      for field in fields {
        let isName =
          !field.name.isEmpty && field.name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: ":") }
        guard isName, !field.value.utf8.contains(where: { $0 < 0x20 && $0 != 9 || $0 == 0x7f }) else {
          throw DriverError(
            .unsupported, "the HTTP field '\(isName ? field.name : "…")' has a control character in its name or value")
        }
      }
    }
  }

  extension HTTPHeaders: CustomStringConvertible {
    /// One line, without the secrets.
    public var description: String {
      fields.map(\.description).joined(separator: ", ")
    }
  }

  extension String {
    fileprivate func isFieldName(_ other: String) -> Bool {
      utf8.count == other.utf8.count && zip(utf8, other.utf8).allSatisfy { $0 | 0x20 == $1 | 0x20 }
    }
  }
#endif
