#if HTTP
  private import Foundation
  import MetaDriver
  @testable import MetaDriverEtcd
  import MetaDriverTesting
  import ServerSupport
  import Testing

  @Suite struct EtcdReplyTests {
    private static let header = #""header":{"cluster_id":"588","member_id":"73","revision":"4","raft_term":"2"}"#
    private static let pair =
      #"{"key":"cC9tL2s=","create_revision":"2","mod_revision":"3","version":"1","value":"djE="}"#
    private static let samples: [String] = [
      "{\(header)}",
      "{\(header),\"kvs\":[\(pair)],\"more\":true,\"count\":\"2\"}",
      "{\(header),\"succeeded\":true,\"responses\":[{\"response_put\":{\"header\":{\"revision\":\"3\"}}}]}",
      "{\(header),\"responses\":[{\"response_range\":{\"header\":{\"revision\":\"2\"},\"kvs\":[\(pair)],\"count\":\"1\"}}]}",
      "{\(header),\"token\":\"tok.1\"}",
      #"{"error":"etcdserver: request is too large","message":"etcdserver: request is too large","code":3}"#,
      #"{"code":14,"message":"etcdserver: leader changed","details":[]}"#,
    ]

    @Test("Numbers are read as strings and as numbers")
    func numbers() throws {
      let reply = EtcdRangeReply(
        decoding: Array(#"{"header":{"cluster_id":18446744073709551615,"revision":"7"}}"#.utf8))
      #expect(reply?.header.cluster_id.value == .max)
      #expect(reply?.header.revision?.value == 7)
    }

    // R1
    @Test(
      "What is not etcd's is no answer",
      arguments: [
        "", "{}", "[]", "null", "<html></html>", #"{"kvs":[]}"#, #"{"header":{}}"#, #"{"header":{"cluster_id":"x"}}"#,
        #"{"header":{"cluster_id":"-1"}}"#, #"{"header":{"cluster_id":"1"},"kvs":[{}]}"#,
        #"{"header":{"cluster_id":"1"},"kvs":[{"key":"%","mod_revision":"1"}]}"#, #"{"header":{"cluster_id":"1"}"#,
        String(repeating: "[", count: 100_000),
      ])
    func foreign(body: String) {
      #expect(EtcdRangeReply(decoding: Array(body.utf8)) == nil)
    }

    @Test(
      "What etcd refuses is told in the words of this package",
      arguments: [
        (3, "etcdserver: request is too large", DriverError.Code.tooLarge, false),
        (8, "grpc: received message larger than max (3145740 vs. 2097152)", .tooLarge, false),
        (8, "etcdserver: mvcc: database space exceeded", .noSpace, false),
        (8, "etcdserver: too many requests", .throttled, false),
        (3, "etcdserver: authentication failed, invalid user ID or password", .denied, false),
        (3, "etcdserver: user name is empty", .denied, false),
        (7, "etcdserver: permission denied", .denied, false),
        (16, "etcdserver: invalid auth token", .denied, false),
        (14, "etcdserver: request timed out", .unavailable, true),
        (14, "etcdserver: leader changed", .unavailable, true),
        (4, "context deadline exceeded", .timedOut, true),
        (9, "etcdserver: rpc not supported for learner", .unavailable, false),
        (14, "etcdserver: rpc not supported for learner", .unavailable, false),
        (9, "etcdserver: something else", .unsupported, false),
        (12, "unknown service", .unsupported, false),
        (3, "etcdserver: duplicate key given in txn request", .unsupported, false),
        (13, "boom", .unavailable, true), (2, "boom", .unavailable, true), (99, "boom", .unavailable, true),
      ])
    func failures(code: Int, message: String, expected: DriverError.Code, mayHaveEffect: Bool) throws {
      let body = try JSONEncoder().encode(["message": message]).dropLast() + Array(",\"code\":\(code)}".utf8)
      let failure = try #require(EtcdFailure(decoding: [UInt8](body)))
      for isRead in [true, false] {
        let error = failure.error("put of 'k'", at: "http://a", isRead: isRead)
        #expect(error.code == expected)
        #expect(error.effect == (mayHaveEffect && !isRead ? .unknown : .unchanged))
        #expect(error.message.contains("http://a") && error.message.contains("put of 'k'"))
      }
    }

    @Test("No answer that a server could give is worse than one that is not understood")
    func fuzz() {
      let seed = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) } ?? .random(in: 0...UInt64.max)
      print("SEED=\(seed)")
      var generator = SeededGenerator(seed: seed)
      let fuzzer = AnswerFuzzer(
        samples: Self.samples.map { Array($0.utf8) },
        words: [
          "{", "}", "[", "]", "\"", "null", "true", "-1", "1e999", "\\u0000", "\\ud800", "header", "kvs", "\"kvs\":[",
          "==",
        ])
      var count = 0
      for _ in 0..<AnswerFuzzer.count {
        let body = fuzzer.next(using: &generator)
        if let reply = EtcdRangeReply(decoding: body) { count += reply.kvs?.count ?? 1 }
        if let reply = EtcdChangeReply(decoding: body), reply.succeeded == true { count += 1 }
        if EtcdToken(decoding: body) != nil { count += 1 }
        if let failure = EtcdFailure(decoding: body) {
          #expect(failure.error("get", at: "a", isRead: true).effect == .unchanged)
        }
      }
      #expect(count > 0)
    }
  }
#endif
