#if HTTP
  import MetaDriver

  /// What an object says of the record whose bytes it has, in the field `x-amz-meta-metadriver`. Pure.
  ///
  /// ```text
  /// 1;stamp=018bcfe568000000-9f2c4e6a8b0d1f35;length=5;sha256=2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824;check=0c1a52…
  /// ```
  ///
  /// `1` is the version of the format. `parent` may come behind `stamp`; both are the two halves of a stamp in hexadecimal
  /// digits. `sha256` is that of the object's bytes, as other programs print it. `check` is the first eight bytes of the
  /// SHA-256 of the key's kind and name, a zero byte behind each, and of all that stands before `;check`: bytes or fields
  /// that were stored for one key are not taken for another's.
  struct S3Fields: Equatable {
    /// The name of the field.
    static let name = "x-amz-meta-metadriver"

    var stamp: Stamp?
    var parent: Stamp?
    var byteCount: Int
    /// In hexadecimal digits.
    var sha256: String

    /// Whether a record is one that fields describe. A tombstone is not: an object that lost its fields, as copies and
    /// servers that forget make it, must never be taken for an empty datum.
    static func suit(_ record: Record) -> Bool {
      !record.isTombstone && (record.stamp != nil || record.parent != nil)
    }

    /// The value of the field.
    func text(for key: Key) -> String {
      var text = "1"
      if let stamp { text += ";stamp=\(Self.text(stamp))" }
      if let parent { text += ";parent=\(Self.text(parent))" }
      text += ";length=\(byteCount);sha256=\(sha256)"
      return "\(text);check=\(Self.check(text, key))"
    }

    /// The record whose bytes these are.
    ///
    /// - Throws: `corrupt` when they are not.
    func record(_ bytes: [UInt8], of key: Key) throws(DriverError) -> Record {
      guard bytes.count == byteCount else {
        throw DriverError(
          .corrupt, "\(bytes.count) bytes of \(key) are stored, its metadata speak of \(byteCount): torn or changed")
      }
      guard hexString(Digest.sha256(bytes[...])) == sha256 else {
        throw DriverError(.corrupt, "the stored bytes of \(key) do not have the SHA-256 of its metadata: changed")
      }
      return Record(bytes, stamp: stamp, parent: parent)
    }

    private static func text(_ stamp: Stamp) -> String { "\(word(stamp.time))-\(word(stamp.writer))" }

    private static func word(_ number: UInt64) -> String {
      let digits = String(number, radix: 16)
      return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    fileprivate static func check(_ text: String, _ key: Key) -> String {
      String(hexString(Digest.sha256("\(key.kind)\0\(key.name)\0\(text)")).prefix(16))
    }
  }

  extension S3Fields {
    /// Reads the value of the field.
    ///
    /// - Throws: `corrupt` when it is damaged, of an unknown version, or another key's.
    init(_ text: String, for key: Key) throws(DriverError) {
      func refuse(_ reason: String) -> DriverError { DriverError(.corrupt, "the metadata of \(key) are \(reason)") }
      let parts = text.utf8.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map {
        String(decoding: $0, as: UTF8.self)
      }
      guard let version = parts.first.flatMap({ Int($0) }) else { throw refuse("damaged") }
      guard version == 1 else { throw refuse("of version \(version), this package reads version 1") }
      var values: [String: String] = [:]
      for part in parts.dropFirst() {
        let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard halves.count == 2, values.updateValue(halves[1], forKey: halves[0]) == nil else {
          throw refuse("damaged")
        }
      }
      guard let byteCount = values["length"].flatMap({ Int($0) }), byteCount >= 0, let sha256 = values["sha256"] else {
        throw refuse("damaged")
      }
      self.init(stamp: nil, parent: nil, byteCount: byteCount, sha256: sha256)
      for (name, field) in [("stamp", \Self.stamp), ("parent", \Self.parent)] {
        guard let value = values[name] else { continue }
        let words = value.split(separator: "-").map { UInt64($0, radix: 16) }
        guard words.count == 2, let time = words[0], let writer = words[1] else { throw refuse("damaged") }
        self[keyPath: field] = Stamp(time: time, writer: writer)
      }
      // Writing it again says whether anything was left over, or is another key's.
      guard self.text(for: key) == text else { throw refuse("damaged, or another key's") }
    }
  }
#endif
