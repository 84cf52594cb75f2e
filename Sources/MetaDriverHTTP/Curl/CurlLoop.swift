#if HTTP
  import CMetaDriverCurl
  import MetaDriver

  /// The transfers of an engine, on its thread: libcurl's multi handle, and what is on it.
  @safe final class CurlLoop {
    let multi: UnsafeMutableRawPointer
    private let configuration: CurlClient.Configuration
    private var queue: AdmissionQueue<ObjectIdentifier>
    private var waiting: [ObjectIdentifier: Exchange] = [:]
    private var active: [ObjectIdentifier: CurlHandle] = [:]
    private var spare: [CurlHandle] = []
    private var nextLook: ContinuousClock.Instant = .now
    /// How many requests were let go of since the last look.
    var released = 0

    /// How many handles are kept for later.
    private static let spareLimit = 64
    /// How often the clocks of the requests are looked at, which may be others than this thread's.
    private static let look = Duration.milliseconds(100)

    /// `nil` when there is no memory.
    init?(_ configuration: CurlClient.Configuration) {
      guard let multi = unsafe curl_multi_init() else { return nil }
      unsafe self.multi = unsafe multi
      self.configuration = configuration
      queue = AdmissionQueue(
        limit: configuration.maximumConnections, limitOfOrigin: configuration.maximumConnectionsPerHost)
      let limit = configuration.maximumConnections
      unsafe _ = metadriver_multi_set_long(multi, CURLMOPT_MAXCONNECTS, limit)
      unsafe _ = metadriver_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, limit)
      unsafe _ = metadriver_multi_set_long(multi, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    }

    deinit {
      spare = []
      unsafe curl_multi_cleanup(multi)
    }

    /// Whether nobody waits and nothing is under way.
    var isIdle: Bool { active.isEmpty && waiting.isEmpty }

    /// Takes a request on.
    func begin(_ exchange: Exchange) {
      guard !exchange.isOver else {
        released += 1
        return
      }
      waiting[ObjectIdentifier(exchange)] = exchange
      queue.add(ObjectIdentifier(exchange), to: exchange.origin)
      if let deadline = exchange.context.deadline { look(within: deadline - exchange.context.runtime.now) }
      admit()
    }

    /// Lets go of a request whose caller did.
    func drop(_ exchange: Exchange) { end(exchange, nil) }

    /// A caller caught up, or made the next piece.
    func goOn(_ exchange: Exchange) { active[ObjectIdentifier(exchange)]?.goOn() }

    /// Ends everything with an error.
    func fail(_ error: (Exchange) -> DriverError) {
      for exchange in active.values.compactMap(\.exchange) + Array(waiting.values) {
        end(exchange, .failure(error(exchange)))
      }
    }

    /// Does what can be done without waiting.
    func perform() {
      var isDone = false
      while !isDone {
        var running: CInt = 0
        unsafe curl_multi_perform(multi, &running)
        isDone = !takeMessages()
      }
      lookAtClocks()
    }

    /// Waits until something moves, or is woken.
    func wait(atMost limit: Duration) {
      let pause = isIdle ? limit : max(.zero, min(limit, nextLook - .now))
      unsafe curl_multi_poll(multi, nil, 0, CInt((pause / .milliseconds(1)).rounded(.up)), nil)
    }

    /// Whether something went on elsewhere, or began.
    private func takeMessages() -> Bool {
      var (left, hasBegun): (CInt, Bool) = (0, false)
      while let message = unsafe curl_multi_info_read(multi, &left) {
        guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle else {
          continue
        }
        let code = unsafe metadriver_result(message)
        var pointer: UnsafeMutableRawPointer?
        unsafe _ = metadriver_get_pointer(easy, CURLINFO_PRIVATE, &pointer)
        guard let pointer = unsafe pointer else { continue }
        let handle = unsafe Unmanaged<CurlHandle>.fromOpaque(pointer).takeUnretainedValue()
        guard let exchange = handle.exchange else { continue }
        if let result = handle.end(code) {
          end(exchange, result)
          hasBegun = admit() || hasBegun
        } else {
          unsafe curl_multi_remove_handle(multi, easy)
          add(handle)
          hasBegun = true
        }
      }
      return hasBegun
    }

    @discardableResult
    private func admit() -> Bool {
      var hasBegun = false
      while let id = queue.next() {
        guard let exchange = waiting.removeValue(forKey: id) else { continue }
        guard let handle = spare.popLast() ?? CurlHandle(configuration) else {
          queue.finish(exchange.origin)
          released += 1
          exchange.finish(
            .failure(DriverError(.throttled, "there is no memory for \(exchange.request.name)", effect: .unchanged)))
          continue
        }
        active[id] = handle
        handle.begin(exchange, configuration)
        look(within: min(configuration.connectTimeout, configuration.idleTimeout))
        add(handle)
        hasBegun = true
      }
      return hasBegun
    }

    private func add(_ handle: CurlHandle) {
      let code = unsafe curl_multi_add_handle(multi, handle.easy)
      guard code != CURLM_OK, let exchange = handle.exchange else { return }
      end(
        exchange,
        .failure(
          DriverError(
            .unavailable,
            "\(exchange.request.name) could not be begun: \(unsafe String(cString: curl_multi_strerror(code)))",
            effect: .unchanged)))
    }

    private func end(_ exchange: Exchange, _ result: Result<HTTPResponse, DriverError>?) {
      let id = ObjectIdentifier(exchange)
      if let handle = active.removeValue(forKey: id) {
        unsafe curl_multi_remove_handle(multi, handle.easy)
        handle.release()
        if spare.count < Self.spareLimit { spare.append(handle) }
        queue.finish(exchange.origin)
      } else if waiting.removeValue(forKey: id) != nil {
        _ = queue.drop(id, from: exchange.origin)
      } else {
        return
      }
      released += 1
      if let result {
        exchange.finish(result)
      } else {
        admit()
      }
    }

    /// Has the clocks looked at when so much time has passed.
    private func look(within rest: Duration) { nextLook = min(nextLook, .now + min(rest, Self.look)) }

    private func lookAtClocks() {
      let now = ContinuousClock.now
      guard now >= nextLook else { return }
      var rest = Self.look
      for handle in Array(active.values) {
        guard let exchange = handle.exchange else { continue }
        let now = exchange.context.runtime.now
        if let error = handle.expiry(at: now) {
          end(exchange, .failure(error))
        } else if let left = handle.deadlines.rest(at: now) {
          rest = min(rest, left)
        }
      }
      for exchange in Array(waiting.values) {
        guard let deadline = exchange.context.deadline else { continue }
        let left = deadline - exchange.context.runtime.now
        if left <= .zero {
          end(
            exchange,
            .failure(
              DriverError(
                .timedOut, "\(exchange.request.name) still waited for a connection when the deadline passed",
                effect: .unchanged)))
        } else {
          rest = min(rest, left)
        }
      }
      admit()
      nextLook = now + max(rest, .milliseconds(1))
    }
  }
#endif
