import MetaDriver

/// One run of one case: the driver, and the calls to it, each of which is watched.
final class CaseRun: Sendable {
  let driver: any Driver
  let reopen: (@Sendable () async throws -> any Driver)?
  let outline: Outline
  let facts: TreeFacts
  let largestPayload: Int
  let runtime: Runtime
  private let log: CaseLog
  private let context: Context
  /// What no error may show.
  private let secrets: [String]

  init(_ suite: Conformance, _ subject: Conformance.Subject, _ log: CaseLog) {
    driver = subject.driver
    reopen = subject.reopen
    outline = subject.driver.outline
    facts = TreeFacts(outline)
    largestPayload = suite.largestPayload
    runtime = suite.runtime
    self.log = log
    var credentials = suite.credentials
    var secrets: [String] = []
    for name in facts.leafNames {
      let secret = log.testCase == .secrets ? nil : credentials[name]
      credentials[name] = secret ?? Secret("made-up secret of \(name)")
      secrets.append(credentials[name]?.value ?? "")
    }
    self.secrets = secrets.filter { !$0.isEmpty }
    context = Context(suite.runtime, options: CallOptions(credentials: credentials))
  }

  // MARK: Findings

  func report(
    _ action: String, expected: String, seen: String, of testCase: Conformance.Case? = nil
  ) { log.report(action, expected: expected, seen: seen, of: testCase) }

  func skip(because reason: String) { log.skip(because: reason) }

  // MARK: Calls

  func get(_ key: Key) async -> Result<Record?, DriverError> {
    await call("get of \(key)") { context throws(DriverError) in try await context.get(key, from: self.driver) }
  }

  func put(_ record: Record, at key: Key, if condition: Precondition? = nil) async -> Result<Receipt, DriverError> {
    guard let condition else {
      return await call("put at \(key)") { context throws(DriverError) in
        try await context.put(record, at: key, to: self.driver)
      }
    }
    return await call("conditional put at \(key)") { context throws(DriverError) in
      try await context.put(record, at: key, if: condition, to: self.driver)
    }
  }

  func delete(_ key: Key) async -> Result<Receipt, DriverError> {
    await call("delete of \(key)") { context throws(DriverError) in
      try await context.delete(key, proof: nil, from: self.driver)
    }
  }

  func delete(_ key: Key, if condition: Precondition) async -> Result<Receipt, DriverError> {
    await call("delete of \(key)") { context throws(DriverError) in
      try await context.delete(key, if: condition, from: self.driver)
    }
  }

  func stat(_ key: Key) async -> Result<Stat?, DriverError> {
    await call("stat of \(key)") { context throws(DriverError) in try await context.stat(key, from: self.driver) }
  }

  func list(_ request: ListRequest) async -> Result<Page, DriverError> {
    await call("list") { context throws(DriverError) in try await context.list(request, from: self.driver) }
  }

  func get(_ urls: [StorageURL]) async -> Result<Record?, DriverError> {
    await call("get of \(urls.map(\.string).joined(separator: ", "))") { context throws(DriverError) in
      try await context.get(urls, from: self.driver)
    }
  }

  func open() async -> Result<Receipt, DriverError> {
    await call("open") { context throws(DriverError) in try await context.open(self.driver) }
  }

  func close() async -> Result<Void, DriverError> {
    await call("close") { context throws(DriverError) in try await context.close(self.driver) }
  }

  /// Makes another driver of the same store, for the calls of another run.
  func reopened() async -> CaseRun? {
    guard let reopen else { return nil }
    let id = log.begin { "making a driver of the same store" }
    defer { log.end(id) }
    do {
      return CaseRun(reopened: Conformance.Subject(driver: try await reopen(), reopen: reopen), from: self)
    } catch {
      report("make a driver of the same store", expected: "a driver", seen: "\(error)")
      return nil
    }
  }

  private init(reopened subject: Conformance.Subject, from other: CaseRun) {
    driver = subject.driver
    reopen = subject.reopen
    outline = subject.driver.outline
    facts = TreeFacts(outline)
    (largestPayload, runtime, log) = (other.largestPayload, other.runtime, other.log)
    (context, secrets) = (other.context, other.secrets)
  }

  private func call<Answer>(
    _ what: @autoclosure @escaping @Sendable () -> String, _ body: (Context) async throws(DriverError) -> Answer
  ) async -> Result<Answer, DriverError> {
    let id = log.begin(what)
    defer { log.end(id) }
    do throws(DriverError) { return .success(try await body(context)) } catch {
      audit(error, what())
      return .failure(error)
    }
  }

  /// What is asked of every failure, whatever the case is about.
  private func audit(_ error: DriverError, _ what: String) {
    if secrets.contains(where: "\(error)".contains) {
      let text = secrets.reduce("\(error)") { $0.replacing($1, with: "<the secret>") }
      report(what, expected: "an error that shows no credential", seen: text, of: .secrets)
    }
    func expect(_ expected: String, _ isSo: Bool) {
      if !isSo { report(what, expected: expected, seen: "\(error), effect \(error.effect)", of: .errors) }
    }
    expect("an error with a message", !error.message.isEmpty)
    expect("retryAfter with throttled only", error.retryAfter == nil || error.code == .throttled)
    let refusals: [DriverError.Code] = [.unsupported, .invalidKey, .conflict, .tooLarge, .denied, .closed, .unroutable]
    expect("the effect unchanged with \(error.code)", !refusals.contains(error.code) || error.effect == .unchanged)
  }
}
