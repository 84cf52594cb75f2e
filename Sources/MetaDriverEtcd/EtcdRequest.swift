#if HTTP
  internal import Foundation
  import MetaDriver

  /// What is asked of etcd, as its JSON gateway takes it: keys and values in base64.
  ///
  /// Source: etcd, `api/etcdserverpb/rpc.proto`, and the mapping of protocol buffers to JSON.
  protocol EtcdRequest: Encodable, Sendable {
    associatedtype Reply: EtcdReply
    /// Where the gateway takes it.
    static var path: String { get }
    /// Whether the body has something in it that no error may show.
    static var hasSecrets: Bool { get }
    /// Whether nothing changes.
    static var isRead: Bool { get }
  }

  extension EtcdRequest {
    static var hasSecrets: Bool { false }

    /// The request as the gateway takes it.
    func encoded() throws(DriverError) -> [UInt8] {
      do { return try [UInt8](JSONEncoder().encode(self)) } catch {
        throw DriverError(.unsupported, "a request for etcd cannot be written as JSON", underlying: error)
      }
    }
  }

  /// Asks for the key, or for those from it up to another, in the order of their bytes.
  struct EtcdRange: EtcdRequest {
    typealias Reply = EtcdRangeReply
    static let path = "/v3/kv/range"
    static let isRead = true

    var key: Data
    var range_end: Data?
    var limit: Int?
    var keys_only: Bool?

    init(_ key: [UInt8], upTo end: [UInt8]? = nil, limit: Int? = nil, keysOnly: Bool? = nil) {
      self.key = Data(key)
      range_end = end.map { Data($0) }
      self.limit = limit
      keys_only = keysOnly
    }
  }

  /// Changes a key if nobody changed it since it had a revision, 0 for one that is absent; else reads it.
  struct EtcdChange: EtcdRequest {
    typealias Reply = EtcdChangeReply
    static let path = "/v3/kv/txn"
    static let isRead = false

    struct Comparison: Encodable, Sendable {
      let key: Data
      var target = "MOD"
      var result = "EQUAL"
      let mod_revision: UInt64
    }
    struct Put: Encodable, Sendable {
      let key: Data
      let value: Data
    }
    struct Step: Encodable, Sendable {
      var request_put: Put?
      var request_delete_range: EtcdRange?
      var request_range: EtcdRange?
    }

    let compare: [Comparison]
    let success: [Step]
    let failure: [Step]

    /// - Parameter value: What to write; `nil` removes the key.
    init(_ key: [UInt8], to value: [UInt8]?, ifRevision revision: UInt64) {
      let name = Data(key)
      compare = [Comparison(key: name, mod_revision: revision)]
      success = [
        value.map { Step(request_put: Put(key: name, value: Data($0))) } ?? Step(request_delete_range: EtcdRange(key))
      ]
      failure = [Step(request_range: EtcdRange(key))]
    }
  }

  /// Asks for a token.
  struct EtcdAuthentication: EtcdRequest {
    typealias Reply = EtcdToken
    static let path = "/v3/auth/authenticate"
    static let hasSecrets = true
    static let isRead = true

    let name: String
    let password: String
  }
#endif
