import MetaDriver

/// One call to a store on its way there and back.
struct Passage: Sendable {
  let site: FaultySite
  let network: any Network
  /// The process that calls.
  let runtime: Runtime
  let call: FaultCall
  let journey: Journey
  /// The life of the store in which the call began.
  let life: Int

  /// Sends the request, and waits for the reply.
  ///
  /// - Throws: What the store answered; `cancelled` when the caller is cancelled before the reply is there, which for a
  ///   message that is lost is the only way out.
  func run<Answer: Sendable>(_ action: @escaping FaultySite.Action<Answer>) async throws(DriverError) -> Answer {
    await network.pass()
    guard !Task.isCancelled else {
      throw DriverError(.cancelled, "the caller was cancelled before it asked \(call.leaf)", effect: .unchanged)
    }
    let isSent = network.runs(runtime)
    let isThereAtOnce = journey.request <= .zero && isSent
    let reply = isThereAtOnce ? arrive(action) : nil
    if let reply, journey.reply <= .zero, isConnected("reply"), network.runs(runtime) {
      return try reply.get()
    }

    let exchange = Exchange<Answer>(
      call, isCancellable: journey.isCancellable, hasArrived: isThereAtOnce)
    let wait = network.beginWait(call, abandon: exchange.cancel)
    defer { network.endWait(wait) }
    return try await exchange.answer {
      guard isSent else { return }
      guard !isThereAtOnce else {
        // What has no delay and was not delivered above never will be.
        if journey.reply > .zero { send(reply, exchange) }
        return
      }
      network.after(journey.request) {
        guard exchange.arrive() else {
          network.note(call, journey, "the request was withdrawn")
          return
        }
        send(arrive(action), exchange)
      }
    }.get()
  }

  private func arrive<Answer>(_ action: FaultySite.Action<Answer>) -> Result<Answer, DriverError>? {
    guard isConnected("request") else { return nil }
    let reply = site.perform(self, action)
    network.note(call, journey, describe(reply))
    return reply
  }

  private func send<Answer>(_ reply: Result<Answer, DriverError>?, _ exchange: Exchange<Answer>) {
    guard let reply else { return }
    guard journey.reply > .zero else {
      deliver(reply, exchange)
      return
    }
    network.after(journey.reply) { deliver(reply, exchange) }
  }

  private func deliver<Answer>(_ reply: Result<Answer, DriverError>, _ exchange: Exchange<Answer>) {
    if network.runs(runtime), isConnected("reply") { exchange.finish(reply) }
  }

  private func isConnected(_ message: String) -> Bool {
    guard network.connects(runtime, to: call.leaf) else {
      network.note(call, journey, "the \(message) is lost: no connection")
      return false
    }
    guard site.lives(life) else {
      network.note(call, journey, "the \(message) is lost: \(call.leaf) crashed")
      return false
    }
    return true
  }

  private func describe<Answer>(_ reply: Result<Answer, DriverError>?) -> String {
    switch reply {
    case .success(let answer as Receipt): "\(answer.result)"
    case .success(let answer as Record): describe(answer)
    case .success(let answer as Page): "\(answer.entries.count) keys"
    case .success: call.operation == .get ? "absent" : "answered"
    case .failure(let error): "\(error)"
    case nil: "no answer"
    }
  }

  /// What was found: itself if it is a short text, as the values of scenarios are.
  private func describe(_ record: Record) -> String {
    if record.isTombstone { return "found a tombstone" }
    let isShortText = record.bytes.count <= 20 && record.bytes.allSatisfy { (0x21...0x7e).contains($0) }
    return isShortText && !record.bytes.isEmpty
      ? "found \(String(decoding: record.bytes, as: UTF8.self))" : "found \(record.bytes.count) bytes"
  }
}
