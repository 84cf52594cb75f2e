#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  private import Synchronization

  /// What the copies of one `EtcdDriver` share: which endpoints answer, the tokens, and the cluster they all belong to.
  final class EtcdStore: Sendable {
    struct State {
      var endpoints: EtcdEndpoints
      var tokens = EtcdTokens()
      /// The cluster that answered first.
      var cluster: UInt64?
      var isClosed = false
    }

    /// Why an endpoint gave no answer.
    struct Refusal: Error {
      let error: DriverError
      /// Whether every other endpoint would say the same.
      var isFinal = false
    }

    /// How long to wait between two passes over the endpoints: an election takes one to three seconds.
    private static let backOff = BackOff(from: .milliseconds(200), upTo: .seconds(2))
    /// How many time-outs a call without a deadline goes on for.
    private static let patience = 10

    let endpoints: Result<[HTTPAddress], DriverError>
    let leaf: Leaf
    let client: any HTTPClient
    let credentials: HTTPCredentials?
    /// How long one endpoint may take.
    let timeout: Duration
    private let state: Mutex<State>
    /// Lets one call at a time authenticate: it takes etcd a tenth of a second of computing.
    let turns = TurnQueue()

    init(
      _ endpoints: Result<[HTTPAddress], DriverError>, leaf: Leaf, client: any HTTPClient,
      credentials: HTTPCredentials?,
      timeout: Duration
    ) {
      self.endpoints = endpoints
      self.leaf = leaf
      self.client = client
      self.credentials = credentials
      self.timeout = timeout
      state = Mutex(State(endpoints: EtcdEndpoints(count: (try? endpoints.get().count) ?? 0)))
    }

    func close() { state.withLock { $0.isClosed = true } }

    /// Looks at what is known, or changes it.
    func withState<Answer: Sendable>(_ body: (inout State) -> Answer) -> Answer { state.withLock { body(&$0) } }

    /// The moment after which nothing is tried again: the call's deadline, or one that is kept where it has none.
    func end(of context: Context) -> Duration { context.deadline ?? context.runtime.now + timeout * Self.patience }

    /// Waits before something is tried again, longer after each failure.
    ///
    /// - Returns: `false`, at once, when there is no time left for it.
    /// - Throws: `cancelled`.
    func pause(after failures: Int, until end: Duration, in context: Context) async throws(DriverError) -> Bool {
      let moment = context.runtime.now + Self.backOff.wait(after: failures, on: context.runtime)
      guard moment < end else { return false }
      try await context.runtime.sleep(until: moment)
      return true
    }

    /// Asks the endpoints, one after the other and pass after pass, until one answers or no time is left.
    ///
    /// - Parameters:
    ///   - operation: What is asked, for errors.
    ///   - byteLimit: The longest reply that is taken.
    /// - Throws: When none answers, what each said. An endpoint that may have made the change ends the search: its error has
    ///   the effect `unknown`.
    func ask<Request: EtcdRequest>(
      _ operation: String, _ request: Request, byteLimit: Int, in context: Context
    ) async throws(DriverError) -> Request.Reply {
      let endpoints = try endpoints.get()
      let body = try request.encoded()
      let end = end(of: context)
      var failures: [Int: DriverError] = [:]
      var passes = 0
      while true {
        let order = state.withLock { $0.endpoints.order(at: context.runtime.now) }
        for (place, index) in order.enumerated() {
          try checkReady(operation, context, failures)
          let share = EtcdEndpoints.share(
            of: context.deadline.map { $0 - context.runtime.now }, among: order.count - place, timeout: timeout)
          var limited = context
          limited.deadline = context.runtime.now + share
          do throws(Refusal) {
            let reply = try await attempt(
              operation, Request.self, body, at: endpoints[index], byteLimit: byteLimit,
              in: limited)
            state.withLock { $0.endpoints.succeeded(index) }
            return reply
          } catch {
            guard !error.isFinal else { throw error.error }
            state.withLock { $0.endpoints.failed(index, at: context.runtime.now) }
            // Another endpoint must not be asked for what this one may be doing.
            guard error.error.effect == .unchanged else { throw error.error }
            failures[index] = error.error
          }
        }
        passes += 1
        // What was refused for good would be refused again.
        guard failures.values.contains(where: \.isRetryable),
          try await pause(after: passes, until: end, in: context)
        else { throw Self.failure(operation, failures) }
      }
    }

    private func checkReady(
      _ operation: String, _ context: Context, _ failures: [Int: DriverError]
    ) throws(DriverError) {
      if state.withLock({ $0.isClosed }) { throw DriverError(.closed, "this EtcdDriver was closed") }
      if Task.isCancelled {
        throw DriverError(.cancelled, "the caller of \(operation) was cancelled", effect: .unchanged)
      }
      guard let deadline = context.deadline, context.runtime.now >= deadline else { return }
      let reasons = Self.reasons(failures)
      throw DriverError(
        .timedOut,
        "\(operation): the deadline passed" + (reasons.isEmpty ? " before etcd was asked" : ", although \(reasons)"),
        effect: .unchanged)
    }

    private static func failure(_ operation: String, _ failures: [Int: DriverError]) -> DriverError {
      let codes = Set(failures.values.map(\.code))
      if failures.count == 1, let only = failures.values.first { return only }
      return DriverError(
        codes.count == 1 ? codes.first ?? .unavailable : .unavailable,
        "\(operation): none of \(failures.count) endpoints gave an answer: \(reasons(failures))", effect: .unchanged,
        isRetryable: failures.values.contains(where: \.isRetryable))
    }

    private static func reasons(_ failures: [Int: DriverError]) -> String {
      failures.sorted { $0.key < $1.key }.map(\.value.message).joined(separator: "; ")
    }
  }
#endif
