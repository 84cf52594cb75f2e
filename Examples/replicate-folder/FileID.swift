/// The path of a file below a folder, as the system has it: any bytes but NUL, names separated by slashes.
typealias FilePath = [UInt8]

/// Turns paths into ids and back. Two paths never share an id, and an id is printable whatever the path is.
///
/// Characters stand for themselves, except those that do not print and `%`: these, and bytes that are not UTF-8, are
/// written as `%` and two hexadecimal digits for each byte.
enum FileID {
  static func id(of path: FilePath) -> String {
    var id = ""
    var rest = path[...]
    while !rest.isEmpty {
      var parser = Unicode.UTF8.ForwardParser()
      var bytes = rest.makeIterator()
      switch parser.parseScalar(from: &bytes) {
      case .valid(let encoded) where isPlain(Unicode.UTF8.decode(encoded)):
        id.unicodeScalars.append(Unicode.UTF8.decode(encoded))
        rest = rest.dropFirst(encoded.count)
      case .valid(let encoded):
        for byte in encoded { id += escape(byte) }
        rest = rest.dropFirst(encoded.count)
      default:
        id += escape(rest.removeFirst())
      }
    }
    return id
  }

  /// The path of an id; `nil` for an id that no file below a folder can have: one that leads out of the folder, has an
  /// empty name in it, or is spelled as ``id(of:)`` never does.
  static func path(of id: String) -> FilePath? {
    var path: FilePath = []
    var rest = Array(id.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        path.append(byte)
        continue
      }
      guard rest.count >= 2, let escaped = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
        return nil
      }
      path.append(escaped)
      rest = rest.dropFirst(2)
    }
    let names = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isSafe = names.allSatisfy { !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8) }
    return isSafe && !path.contains(0) && FileID.id(of: path).utf8.elementsEqual(id.utf8) ? path : nil
  }

  /// An id as it may be printed: one that ``id(of:)`` never makes is quoted and escaped.
  static func shown(_ id: String) -> String { path(of: id) == nil ? id.debugDescription : id }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
    default: scalar != "%"
    }
  }

  private static func escape(_ byte: UInt8) -> String {
    (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
  }
}
