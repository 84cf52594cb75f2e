import MetaDriver

/// Damage to the stored form: `Record.encoded(for:)`, as a blind byte store has it.
extension FaultyStore.Copy {
  private func bytes(of key: Key) -> [UInt8] {
    switch self {
    case .absent: []
    case .sound(let record): record.encoded(for: key)
    case .damaged(let bytes): bytes
    }
  }

  /// The copy with one bit changed; as it is when it has none.
  func flipped(of key: Key, _ random: inout SeededGenerator) -> Self {
    var bytes = bytes(of: key)
    guard !bytes.isEmpty else { return self }
    let bit = Int(random.next() % UInt64(bytes.count * 8))
    bytes[bit / 8] ^= 1 << UInt8(bit % 8)
    return .damaged(bytes)
  }

  /// The first half of the copy.
  func halved(of key: Key) -> Self {
    guard self != .absent else { return self }
    let bytes = bytes(of: key)
    return .damaged(Array(bytes.prefix(bytes.count / 2)))
  }

  /// The first half of the copy, in the place of another one: with the rest of that behind it, or cut off.
  func torn(over old: Self, of key: Key, _ random: inout SeededGenerator) -> Self {
    let (new, old) = (bytes(of: key), old.bytes(of: key))
    let half = new.prefix(new.count / 2)
    return .damaged(Array(half) + (random.next() & 1 == 1 ? Array(old.dropFirst(half.count)) : []))
  }
}
