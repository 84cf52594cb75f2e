import MetaDriver
import MetaDriverTesting
import TestSupport

/// Files with every kind of name that Linux allows and programs stumble over.
enum NastyFiles {
  static func make(seed: UInt64) -> [[UInt8]: [UInt8]] {
    var generator = SeededGenerator(seed: seed)
    var files: [[UInt8]: [UInt8]] = [:]
    func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in .random(in: 0...255, using: &generator) } }

    let names: [String] = [
      "plain", "a space", "new\nline", "'quotes\"", "-rf", "--help", "%41", "%", "A", "a", "\u{e9}", "e\u{301}", "..a",
      "...",
      " ", "\t", "back\\slash", "*?[a]", "con", "\u{202e}right to left", "\u{1b}[31mred", "\u{1f388}", "~", "$HOME",
      "a=b+c",
    ]
    for name in names { files[Array(name.utf8)] = bytes(.random(in: 0...200, using: &generator)) }
    // Not UTF-8: a lone byte, a cut character, an overlong slash, half a surrogate pair.
    for name: [UInt8] in [[0xff], [0x61, 0xc3], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xff, 0x25, 0x46, 0x46]] {
      files[name] = bytes(10)
      files[[0x64] + name + Array("/inner".utf8)] = bytes(20)
    }
    files[[UInt8](repeating: 0x78, count: 255)] = bytes(255)
    files[[UInt8](repeating: 0xfe, count: 255)] = bytes(255)
    files[Array((1...40).map { "deep \($0)/" }.joined().utf8) + Array("file".utf8)] = bytes(5)
    files[Array("empty".utf8)] = []
    files[Array("every byte".utf8)] = Array(0...255)
    files[Array("large".utf8)] = bytes(200_000)
    for number in 0..<40 {
      let name = bytes(.random(in: 1...250, using: &generator)).map { $0 == 0 || $0 == 0x2f ? 0x5f : $0 }
      files[Array("random/\(number)".utf8) + name] = bytes(.random(in: 0...2_000, using: &generator))
    }
    return files
  }

  /// Damages files as disks and careless programs do: flips a bit in some and cuts others short, to nothing at times.
  static func damage(_ files: [[UInt8]: [UInt8]], every step: Int, seed: UInt64) -> [[UInt8]: [UInt8]] {
    var generator = SeededGenerator(seed: seed)
    var damaged: [[UInt8]: [UInt8]] = [:]
    for (index, path) in files.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }).enumerated()
    where index % step == 0 {
      var bytes = files[path] ?? []
      if index / step % 3 == 0 {
        bytes[.random(in: bytes.indices, using: &generator)] ^= 1 << UInt8.random(in: 0...7, using: &generator)
      } else {
        bytes = Array(bytes.prefix(index / step % 3 == 1 ? .random(in: bytes.indices, using: &generator) : 0))
      }
      damaged[path] = bytes
    }
    return damaged
  }
}
