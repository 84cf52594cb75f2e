#if HTTP
  import MetaDriver
  import MetaDriverEtcd
  import MetaDriverHTTP
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing

  /// A network that breaks at every request of a put, in every way, in front of a real cluster. A time-out passes when a
  /// request has come to a standstill, and never because the machine is busy.
  @Suite(.enabled(if: Server.isThere("etcd"), "needs etcd: Tests/run starts it"), .timeLimit(.minutes(10)))
  struct EtcdFaultTests {
    private static let faults: [FaultProxy.Fault] = [
      .cutBeforeRequest, .cutInRequest(afterByteCount: 40), .cutBeforeReply, .cutInReply(afterByteCount: 10),
      .stallBeforeRequest, .stallBeforeReply, .stallInReply(afterByteCount: 10),
    ]

    // R5, R26
    @Test(
      "Whatever breaks once at an endpoint, alone or not, a put is made in the end", arguments: faults, [false, true])
    func puts(fault: FaultProxy.Fault, isAlone: Bool) async throws {
      let server = try Server("etcd")
      let urls = server.fact("urls").split(separator: " ").map(String.init)
      let prefix = "fault-\(UInt64.random(in: 0...UInt64.max))/"
      let direct = server.etcd(prefix: prefix, timeout: .seconds(600))
      for isStamped in [true, false] {
        for number in 1...2 {
          let stamp = { isStamped ? Runtime.shared.nextStamp() : nil }
          let key = Key.mutable(try DataID("\(isAlone) \(isStamped) \(number)"))
          _ = try await direct.put(Record([1], stamp: stamp()), at: key, in: Context())
          let proxy = try await apart { try FaultProxy(to: server.port) { $0 == number ? fault : .none } }
          let client = CurlClient()
          let broken = EtcdDriver(
            at: isAlone ? [proxy.url] : [proxy.url] + urls.dropFirst(), prefix: prefix, client: client)
          let clock = PatientClock()
          let time = Task {
            await proxy.stalls.wait(for: 1)
            if !Task.isCancelled { clock.advance(by: .seconds(2)) }
          }
          let new = Record([UInt8(number + 1)], stamp: stamp())
          let receipt = try await broken.put(
            new, at: key, in: Context(Runtime(clock: clock), options: CallOptions(timeout: .seconds(20))))
          #expect(receipt.result.isAcknowledged)
          #expect(try await direct.get(key, in: Context()) == new, "\(fault) at request \(number)")
          #expect(proxy.requestCount >= number, "\(fault) at request \(number)")
          time.cancel()
          await client.close()
          proxy.refuse()
        }
      }
    }
  }
#endif
