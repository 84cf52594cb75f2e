#if HTTP
  internal import Foundation
  import MetaDriver

  /// What etcd answers. Its gateway leaves out whatever is zero, empty or false, and writes 64-bit numbers as strings.
  protocol EtcdReply: Decodable, Sendable {
    var header: EtcdHeader { get }
  }

  extension EtcdReply {
    /// Reads the body of a reply of status 200; `nil` when it is no such reply: `{}`, say, would otherwise read as "nothing is
    /// stored".
    init?(decoding body: [UInt8]) {
      guard let reply = try? JSONDecoder().decode(Self.self, from: Data(body)) else { return nil }
      self = reply
    }
  }

  /// A number of 64 bits, written as a string or as a number.
  struct EtcdNumber: Decodable, Hashable, Sendable {
    let value: UInt64

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(UInt64.self) {
        value = number
        return
      }
      guard let number = UInt64(try container.decode(String.self)) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a number")
      }
      value = number
    }
  }

  /// Who answered, and when in the store's history.
  struct EtcdHeader: Decodable, Sendable {
    let cluster_id: EtcdNumber
    let revision: EtcdNumber?
  }

  /// One key and its value.
  struct EtcdPair: Decodable, Sendable {
    let key: Data
    let mod_revision: EtcdNumber
    let value: Data?
  }

  /// The answer to an ``EtcdRange``.
  struct EtcdRangeReply: EtcdReply {
    let header: EtcdHeader
    let kvs: [EtcdPair]?
    let more: Bool?
  }

  /// The answer to an ``EtcdChange``.
  struct EtcdChangeReply: EtcdReply {
    struct Range: Decodable, Sendable {
      let kvs: [EtcdPair]?
    }
    struct Done: Decodable, Sendable {}
    struct Step: Decodable, Sendable {
      let response_put: Done?
      let response_delete_range: Done?
      let response_range: Range?
    }

    let header: EtcdHeader
    let succeeded: Bool?
    let responses: [Step]?
  }

  /// The answer to an ``EtcdAuthentication``.
  struct EtcdToken: EtcdReply {
    let header: EtcdHeader
    let token: String
  }
#endif
