#if HTTP
  import MetaDriver

  /// The name of a datum's object: injective, and in the order of the keys' names, so that a server which lists objects in
  /// the order of their names lists keys in the order of theirs.
  ///
  /// A name is `kind/segment-/…/segment`. Letters, digits and `-` are themselves; every other byte is a mark and two
  /// hexadecimal digits. The mark says where in the order the byte belongs:
  ///
  /// | bytes | mark |
  /// |---|---|
  /// | below `-` | `!` |
  /// | `.` and `/` | `.` |
  /// | between `9` and `A` | `=` |
  /// | between `Z` and `a` | `_` |
  /// | above `z`, all beyond ASCII included | `~` |
  ///
  /// No code begins another and codes have the order of their bytes, so encoded names have the order of the names. After
  /// every ``segmentByteCount`` characters comes `-/` if there are more: at the same place in all names, which keeps the
  /// order. So no object's name is that of a folder of another's on a server that keeps objects in folders.
  ///
  /// A name is a key's only if encoding the key gives the name again; every other object is somebody else's.
  enum S3Key {
    /// How many characters a segment has; with the mark of a folder, fewer than the 255 that file systems take.
    static let segmentByteCount = 200
    /// The longest name of an object, in bytes of UTF-8.
    static let maximumByteCount = 1_024

    /// The name of a key's object, below the driver's prefix.
    static func path(of key: Key) -> String { path(key.kind, prefix: key.name) }

    /// What the names of all objects begin with whose keys begin with a prefix.
    static func path(_ kind: Key.Kind, prefix: String) -> String {
      var path = Array("\(kind.rawValue)/".utf8)
      path.reserveCapacity(path.count + prefix.utf8.count * 3 / 2)
      var count = 0
      func append(_ character: UInt8) {
        if count == segmentByteCount {
          path += [UInt8(ascii: "-"), UInt8(ascii: "/")]
          count = 0
        }
        path.append(character)
        count += 1
      }
      for byte in prefix.utf8 {
        guard let mark = mark(of: byte) else {
          append(byte)
          continue
        }
        append(mark)
        append(digits[Int(byte >> 4)])
        append(digits[Int(byte & 15)])
      }
      return String(decoding: path, as: UTF8.self)
    }

    /// The key whose object has this name; `nil` for somebody else's object.
    static func key(at path: some StringProtocol) -> Key? {
      let parts = path.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, let kind = Key.Kind(rawValue: String(decoding: parts[0], as: UTF8.self)) else {
        return nil
      }
      let segments = parts[1].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
      var characters: [UInt8] = []
      for (number, segment) in segments.enumerated() {
        characters += number < segments.count - 1 ? segment.dropLast() : segment
      }
      var name: [UInt8] = []
      var rest = characters[...]
      while let character = rest.popFirst() {
        guard marks.contains(character) else {
          name.append(character)
          continue
        }
        guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else {
          return nil
        }
        name.append(high << 4 | low)
      }
      guard let name = String(validating: name, as: UTF8.self), let key = try? Key(kind, name: name),
        self.path(of: key).utf8.elementsEqual(path.utf8)
      else { return nil }
      return key
    }

    /// What stands for a byte, before its digits; `nil` for a byte that stands for itself.
    private static func mark(of byte: UInt8) -> UInt8? {
      switch byte {
      case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "a")...UInt8(ascii: "z"):
        nil
      case ..<UInt8(ascii: "-"): UInt8(ascii: "!")
      case ..<UInt8(ascii: "0"): UInt8(ascii: ".")
      case ..<UInt8(ascii: "A"): UInt8(ascii: "=")
      case ..<UInt8(ascii: "a"): UInt8(ascii: "_")
      default: UInt8(ascii: "~")
      }
    }

    private static let marks = Array("!.=_~".utf8)
    private static let digits = Array("0123456789abcdef".utf8)
  }
#endif
