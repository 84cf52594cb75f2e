#if HTTP
  internal import Foundation
  import MetaDriver
  import MetaDriverHTTP

  /// What etcd says when it refuses: the code of a gRPC status, and a sentence.
  ///
  /// Source: gRPC, `doc/statuscodes.md`; etcd, `api/v3rpc/rpctypes/error.go`.
  struct EtcdFailure: Decodable, Hashable, Sendable {
    let code: Int
    let message: String

    private enum Name: String, CodingKey { case code, message, error }

    /// Newer releases say it in `message`, older ones in `error` too.
    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Name.self)
      code = try container.decode(Int.self, forKey: .code)
      let message = try container.decodeIfPresent(String.self, forKey: .message)
      self.message = try message ?? container.decode(String.self, forKey: .error)
    }

    /// Reads the body of a reply whose status is no success; `nil` when it is not etcd's.
    init?(decoding body: [UInt8]) {
      guard body.count <= 64 << 10, let failure = try? JSONDecoder().decode(EtcdFailure.self, from: Data(body)) else {
        return nil
      }
      self = failure
    }

    /// Whether the user is to be authenticated anew: the token ran out, the cluster was told of users since, or none was
    /// sent.
    var asksForToken: Bool {
      code == 16 || message.contains("user name is empty") || message.contains("revision of auth store is old")
        || message.contains("revision in header is old")
    }

    /// Whether the cluster has no users.
    var hasNoUsers: Bool { message.contains("authentication is not enabled") }

    /// Whether the member is a learner, which serves no requests before it is promoted. Newer releases say so with code 9,
    /// older ones with code 14.
    private var isOfLearner: Bool { (code == 9 || code == 14) && message.contains("learner") }

    /// Whether another member may say something else: this one has no quorum, or is in no state to serve the request (9).
    var isOfOneMember: Bool {
      let code = meaning.0
      return code == .unavailable || code == .timedOut || self.code == 9
    }

    /// What went wrong, in the words of this package.
    ///
    /// - Parameter isRead: Whether nothing can have changed.
    func error(_ operation: String, at place: String, isRead: Bool) -> DriverError {
      let (code, advice, mayHaveEffect, isRetryable) = meaning
      return DriverError(
        code, "\(operation) at \(place) was refused, \(quoted(message)), gRPC code \(self.code): \(advice)",
        effect: mayHaveEffect && !isRead ? .unknown : .unchanged, isRetryable: isRetryable)
    }

    private var meaning: (DriverError.Code, advice: String, mayHaveEffect: Bool, isRetryable: Bool) {
      switch code {
      case 3 where message.contains("too large"), 8 where message.contains("larger than max"):
        (.tooLarge, "lower maximumByteCount to what etcd's --max-request-bytes allows", false, false)
      case 3 where message.contains("authentication failed"), 3 where message.contains("user name is empty"), 7, 16:
        (.denied, "check the user, the password, and the user's roles", false, false)
      case 8 where message.contains("space exceeded"):
        (.noSpace, "compact and defragment etcd, raise its quota, and disarm the alarm", false, false)
      case 8: (.throttled, "etcd asks for less", false, true)
      // A learner refuses before it does anything.
      case _ where isOfLearner:
        (.unavailable, "this member is a learner: promote it, or leave it out of the endpoints", false, true)
      case 1, 4: (.timedOut, "etcd had no quorum in time: check its other members", true, true)
      case 3, 5, 9, 11: (.unsupported, "etcd does not take such a request", false, false)
      case 12: (.unsupported, "this etcd does not do that: 3.4 or later is needed", false, false)
      // 14 is unavailable, and everything else is no answer either.
      default: (.unavailable, "etcd has no leader, or is being changed: check its members", true, true)
      }
    }
  }
#endif
