/// Where below its root a store keeps the file of a key: injective, and portable to file systems that fold case, normalise Unicode,
/// or reserve names.
///
/// A path is `kind/stripe/segment+/…/segment`. The stripe is one byte in hexadecimal digits: the first of the hash of
/// immutable data, a checksum of the name of mutable data. A segment is written like this:
///
/// | byte of the name | in the file name |
/// |---|---|
/// | `a`-`z`, `0`-`9`, `-`, `_` | itself |
/// | `.` | itself, unless it is the first or the last byte of the segment |
/// | the first byte of a segment that Windows reserves (`con`, `nul.txt`, `com1`, …) | `=` and two hexadecimal digits |
/// | every other, capital letters and all bytes beyond ASCII included | `=` and two hexadecimal digits |
///
/// A name that needs more than 200 characters is cut after as many bytes as fit. Every segment but the last is a folder,
/// which ends in `+`, so that it is never the file of a shorter name.
///
/// A path is a key's only if writing the key gives the path again; everything else in the folder is somebody else's.
package struct StoredName: Hashable, Sendable {
  /// The longest segment, in characters, before the escapes that its ends may need.
  package static let segmentLimit = 200

  /// The path below the root, with slashes.
  package let path: String

  /// The path of a key.
  package init(_ key: Key) {
    let name = Array(key.name.utf8)
    var written: [UInt8] = []
    written.reserveCapacity(name.count + 32)
    written.append(contentsOf: key.kind.rawValue.utf8)
    written.append(UInt8(ascii: "/"))
    switch key {
    case .mutable: Self.append(Self.checksum(name), to: &written)
    case .immutable: written += name[..<2]
    }
    var rest = name[...]
    while !rest.isEmpty {
      written.append(UInt8(ascii: "/"))
      let segment = rest.prefix(Self.segmentByteCount(rest))
      Self.write(segment, to: &written)
      rest = rest[segment.endIndex...]
      if !rest.isEmpty { written.append(UInt8(ascii: "+")) }
    }
    path = String(decoding: written, as: UTF8.self)
  }

  /// The key whose path this is; `nil` for somebody else's file.
  package static func key(at path: String) -> Key? {
    let parts = Array(path.utf8).split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count >= 3, let kind = Key.Kind(rawValue: String(decoding: parts[0], as: UTF8.self)) else { return nil }
    var name: [UInt8] = []
    for part in parts[2...] {
      guard read(part.last == UInt8(ascii: "+") ? part.dropLast() : part, to: &name) else { return nil }
    }
    guard let name = String(validating: name, as: UTF8.self), let key = try? Key(kind, name: name),
      StoredName(key).path.utf8.elementsEqual(path.utf8)
    else { return nil }
    return key
  }

  /// What the writers of the key lock, one of 256.
  package var stripe: String { String(path.split(separator: "/", maxSplits: 2)[1]) }

  /// The path of the folder that the file is in, and the name of the file there.
  package var split: (folder: String, file: String) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
    return (String(path[..<slash]), String(path[path.utf8.index(after: slash)...]))
  }

  private static func segmentByteCount(_ name: ArraySlice<UInt8>) -> Int {
    var length = 0
    let end = name.firstIndex { byte in
      length += isPlain(byte) || byte == UInt8(ascii: ".") ? 1 : 3
      return length > segmentLimit
    }
    return (end ?? name.endIndex) - name.startIndex
  }

  private static func write(_ segment: ArraySlice<UInt8>, to written: inout [UInt8]) {
    let isReserved = isReserved(segment)
    for index in segment.indices {
      let byte = segment[index]
      let (isFirst, isLast) = (index == segment.startIndex, index == segment.endIndex - 1)
      if isPlain(byte) && !(isFirst && isReserved) || byte == UInt8(ascii: ".") && !isFirst && !isLast {
        written.append(byte)
      } else {
        written.append(UInt8(ascii: "="))
        append(byte, to: &written)
      }
    }
  }

  private static func read(_ segment: ArraySlice<UInt8>, to name: inout [UInt8]) -> Bool {
    var rest = segment
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "=") else {
        name.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(digits.firstIndex), let low = rest.popFirst().flatMap(digits.firstIndex)
      else { return false }
      name.append(UInt8(high << 4 | low))
    }
    return true
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
      UInt8(ascii: "_"):
      true
    default: false
    }
  }

  /// Whether Windows takes the segment, up to its first dot, for a device.
  private static func isReserved(_ segment: ArraySlice<UInt8>) -> Bool {
    guard segment.count >= 3 else { return false }
    let base = segment.prefix(5).prefix { $0 != UInt8(ascii: ".") }
    switch base.count {
    case 3: return devices.contains { $0.elementsEqual(base) }
    case 4: return base.last.map(isDigit) == true && ports.contains { $0.elementsEqual(base.dropLast()) }
    default: return false
    }
  }

  private static let devices = ["con", "prn", "aux", "nul"].map { Array($0.utf8) }
  private static let ports = ["com", "lpt"].map { Array($0.utf8) }
  private static let digits = Array("0123456789abcdef".utf8)

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func append(_ byte: UInt8, to written: inout [UInt8]) {
    written.append(digits[Int(byte >> 4)])
    written.append(digits[Int(byte & 15)])
  }

  /// One byte of the name's FNV-1a checksum: spreads names evenly, and needs no more than that.
  private static func checksum(_ name: [UInt8]) -> UInt8 {
    let sum = name.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    return UInt8(truncatingIfNeeded: sum ^ sum >> 32)
  }
}
