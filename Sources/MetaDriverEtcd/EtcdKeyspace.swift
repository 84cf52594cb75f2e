#if HTTP
  import MetaDriver

  /// Which keys of etcd are a store's: those that begin with its prefix, then say their kind, then are the name as it is.
  struct EtcdKeyspace: Hashable, Sendable {
    /// What all keys of the store begin with.
    let prefix: String

    /// The key under which etcd has a datum.
    func key(of key: Key) -> [UInt8] { start(of: key.kind) + key.name.utf8 }

    /// The datum whose key this is; `nil` for somebody else's.
    func datum(at key: [UInt8], _ kind: Key.Kind) -> Key? {
      let start = start(of: kind)
      guard key.starts(with: start), let name = String(validating: key[start.count...], as: UTF8.self) else {
        return nil
      }
      // Digits in capitals would be read as the hash that has another key.
      return (try? Key(kind, name: name)).flatMap { self.key(of: $0) == key ? $0 : nil }
    }

    /// From which key, and up to which, a listing goes.
    func range(of request: ListRequest) -> (from: [UInt8], to: [UInt8]) {
      let prefix = start(of: request.kind) + request.prefix.utf8
      // The least key behind another is that key and a zero.
      return (request.cursor.map { key(of: $0.key) + [0] } ?? prefix, Self.end(of: prefix))
    }

    private func start(of kind: Key.Kind) -> [UInt8] { Array("\(prefix)\(kind == .mutable ? "m" : "i")/".utf8) }

    /// The least bytes behind all that begin with a prefix. No byte of UTF-8 is 255, so that the last can be raised.
    private static func end(of prefix: [UInt8]) -> [UInt8] { prefix.dropLast() + prefix.suffix(1).map { $0 + 1 } }
  }
#endif
