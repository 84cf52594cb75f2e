#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverWebDAV
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing

  /// A network that breaks at every request of a put, in every way, in front of a real server. A deadline passes when a
  /// request has come to a standstill, and never because the machine is busy.
  @Suite(.enabled(if: Server.isThere("nginx"), "needs nginx: Tests/run starts it"), .timeLimit(.minutes(10)))
  struct WebDAVFaultTests {
    private static let faults: [FaultProxy.Fault] = [
      .cutBeforeRequest, .cutInRequest(afterByteCount: 40), .cutInRequest(afterByteCount: 700), .cutBeforeReply,
      .cutInReply(afterByteCount: 10), .stallBeforeRequest, .stallBeforeReply, .stallInReply(afterByteCount: 10),
    ]

    // R5, A9
    @Test(
      "Whatever breaks, a put says what it did, a get never says what is not so, and nothing hangs", arguments: faults)
    func puts(fault: FaultProxy.Fault) async throws {
      let server = try Server("nginx")
      var failures = 0
      for replacement in [WebDAVDriver.Replacement.atomic, .inPlace] {
        let path = "/dav/fault-\(UInt64.random(in: 0...UInt64.max))"
        let direct = server.webDAV(path)
        let old = Record([UInt8](repeating: 1, count: 2_000))
        for number in 1...7 {
          _ = try await direct.put(old, at: "k", in: Context())
          let proxy = try await apart { try FaultProxy(to: server.port) { $0 == number ? fault : .none } }
          let client = CurlClient()
          let broken = WebDAVDriver(
            at: proxy.url + path,
            credentials: .basic(user: server.fact("user"), password: Secret(server.fact("password"))),
            replacement: replacement, client: client)
          let new = Record([UInt8](repeating: UInt8(number + 1), count: 1_500))
          let clock = PatientClock()
          let context = Context(Runtime(clock: clock), options: CallOptions(timeout: .seconds(60)))
          let time = Task {
            await proxy.stalls.wait(for: 1)
            if !Task.isCancelled { clock.advance(by: .seconds(60)) }
          }
          do throws(DriverError) {
            let receipt = try await broken.put(new, at: "k", in: context)
            #expect(receipt.result.isAcknowledged)
            #expect(try await direct.get("k", in: Context()) == new, "\(fault) at request \(number)")
          } catch {
            failures += 1
            #expect(error.code == .unavailable || error.code == .timedOut, "\(error)")
            let copy = try await direct.get("k", in: Context())
            let isTrue = copy == old || error.effect == .unknown && copy == new
            #expect(isTrue, "\(fault) at request \(number) of \(replacement): \(error), effect \(error.effect)")
          }
          time.cancel()
          await client.close()
          proxy.refuse()
        }
      }
      #expect(failures > 0)
    }
  }
#endif
