#if HTTP
  import MetaDriver
  import MetaDriverEtcd
  import MetaDriverHTTP
  import ServerSupport
  import TestSupport
  import Testing

  /// A network that breaks at every request of a put, in every way, in front of a real cluster.
  @Suite(.enabled(if: Server.isThere("etcd"), "needs etcd: Tests/run starts it"), .timeLimit(.minutes(3)))
  struct EtcdFaultTests {
    private static let faults: [FaultProxy.Fault] = [
      .cutBeforeRequest, .cutInRequest(afterByteCount: 40), .cutBeforeReply, .cutInReply(afterByteCount: 10),
      .stallBeforeRequest, .stallBeforeReply, .stallInReply(afterByteCount: 10),
    ]

    private func context(_ timeout: Duration) -> Context {
      Context(.shared, options: CallOptions(timeout: timeout))
    }

    // R5, R26
    @Test("Whatever breaks at one endpoint, a put goes on at the others, or says what it did", arguments: faults)
    func puts(fault: FaultProxy.Fault) async throws {
      let server = try Server("etcd")
      let urls = server.fact("urls").split(separator: " ").map(String.init)
      let prefix = "fault-\(UInt64.random(in: 0...UInt64.max))/"
      let direct = server.etcd(prefix: prefix)
      for isAlone in [false, true] {
        for isStamped in [true, false] {
          for number in 1...4 {
            let stamp = { isStamped ? Runtime.shared.nextStamp() : nil }
            let key = Key.mutable(try DataID("\(isAlone) \(isStamped) \(number)"))
            let old = Record([1], stamp: stamp())
            _ = try await direct.put(old, at: key, in: context(.seconds(20)))
            let proxy = try await apart { try FaultProxy(to: server.port) { $0 == number ? fault : .none } }
            let client = CurlClient()
            let broken = EtcdDriver(
              at: isAlone ? [proxy.url] : [proxy.url] + urls.dropFirst(), prefix: prefix, timeout: .milliseconds(400),
              client: client)
            let new = Record([UInt8(number + 1)], stamp: stamp())
            do throws(DriverError) {
              let receipt = try await broken.put(new, at: key, in: context(.seconds(5)))
              #expect(receipt.result.isAcknowledged)
              #expect(try await direct.get(key, in: context(.seconds(20))) == new, "\(fault) at request \(number)")
            } catch {
              // A key that was there is never in doubt where another endpoint answers.
              #expect(isAlone, "\(fault) at request \(number): \(error)")
              #expect(error.code == .unavailable || error.code == .timedOut, "\(error)")
              let copy = try await direct.get(key, in: context(.seconds(20)))
              let isTrue = copy == old || error.effect == .unknown && copy == new
              #expect(isTrue, "\(fault) at request \(number): \(error), effect \(error.effect)")
            }
            await client.close()
            proxy.refuse()
          }
        }
      }
    }
  }
#endif
