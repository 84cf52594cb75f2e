public import MetaDriver
private import Synchronization

/// A leaf that answers as a script says, and remembers what it was asked.
///
/// ```swift
/// let eu = Scripted("eu", answers: [.error(.unavailable), .lostReply()])   // then .ok
/// let gate = Gate()
/// let hung = Scripted("hung") { call in call.operation == .put ? .hang(gate) : .ok }
/// // … what is under test calls them …
/// print(eu.calls.map(\.operation), eu.contents, eu.mistakes)
/// ```
///
/// Behind the script is a real store, which `.ok` works on. Every copy of the value is the same leaf. An answer that does
/// not fit its call, such as a receipt for a read, makes the call fail (`unsupported`), naming the answer; because a tree
/// may pass over one child's failure, ``mistakes`` keeps it too.
public struct Scripted: Driver {
  /// How a call is answered.
  public indirect enum Answer: Sendable {
    /// Do what was asked, at the store behind the script.
    case ok
    /// A read or stat finds this copy, whatever is stored.
    case found(Record)
    /// A read or stat finds nothing, whatever is stored.
    case absent
    /// A write, or an open, answers with this receipt, and nothing is stored.
    case receipt(Receipt)
    /// Fail, and change nothing; the effect is what the code says when it is not given.
    case error(DriverError.Code, effect: DriverError.Effect? = nil)
    /// Fail with this error, and change nothing.
    case failure(DriverError)
    /// Fail as a damaged copy does.
    case corrupt
    /// Do what was asked, then fail as if the reply were lost: the effect is unknown.
    case lostReply(DriverError.Code = .unavailable)
    /// Wait until the gate is open, then answer. A task that is cancelled first throws `cancelled`, unless cancellation
    /// is ignored.
    case hang(Gate, ignoringCancellation: Bool = false, then: Answer = .ok)
    /// Wait for a duration of the runtime's clock, then answer.
    case delay(Duration, then: Answer = .ok)
  }

  /// What the driver was asked.
  public struct Call: Sendable {
    /// Which call to this driver it is, from 1.
    public let number: Int
    /// What was asked.
    public let operation: Event.Operation
    /// Of which datum.
    public let key: Key?
    /// The record of a put.
    public let record: Record?
    /// The condition of a conditional put.
    public let condition: Precondition?
    /// The proof of a delete.
    public let proof: DeletionProof?
    /// The URLs of a read by URL.
    public let urls: [StorageURL]
    /// The context, as the driver was handed it.
    public let context: Context
  }

  private struct State {
    var calls: [Call] = []
    var contents: [Key: Record] = [:]
    var mistakes: [String] = []
  }

  private final class Storage: Sendable {
    let state = Mutex(State())
    let leaf: Leaf
    let arrived = Counter()
    let ended = Counter()
    init(_ leaf: Leaf) { self.leaf = leaf }
  }

  private let storage: Storage
  private let capabilities: Capabilities
  private let domain: String?
  private let scheme: String?
  private let script: @Sendable (Call) -> Answer

  /// Makes a leaf whose script is a function.
  ///
  /// - Parameters:
  ///   - name: What to call it.
  ///   - ordering: How its puts are ordered. With the default nothing comes between the caller and the script.
  ///   - capabilities: What its outline says it can do; the script answers whatever is asked.
  ///   - domain: Its failure domain.
  ///   - scheme: The scheme of the URLs that it makes and handles; `nil` makes and handles none.
  ///   - script: Answers a call.
  public init(
    _ name: String, ordering: PutOrdering = .none,
    capabilities: Capabilities = [.get, .put, .delete, .list, .stat, .compareAndPut, .compareAndDelete],
    domain: String? = nil,
    scheme: String? = nil, script: @escaping @Sendable (Call) -> Answer = { _ in .ok }
  ) {
    storage = Storage(Leaf(name, ordering: ordering))
    self.capabilities = scheme == nil ? capabilities : capabilities.union([.makeURL, .getURL])
    self.domain = domain
    self.scheme = scheme
    self.script = script
  }

  /// Makes a leaf that gives these answers, one a call, then `rest`.
  public init(_ name: String, ordering: PutOrdering = .none, answers: [Answer], then rest: Answer = .ok) {
    self.init(name, ordering: ordering) { call in
      call.number <= answers.count ? answers[call.number - 1] : rest
    }
  }

  // MARK: What happened

  /// What the driver was asked, in the order in which it arrived.
  public var calls: [Call] { storage.state.withLock(\.calls) }

  /// What the store behind the script holds. Setting it is no call.
  public var contents: [Key: Record] {
    get { storage.state.withLock(\.contents) }
    nonmutating set { storage.state.withLock { $0.contents = newValue } }
  }

  /// What is wrong with the script: the answers given so far that do not fit their calls, each with the number of the
  /// call. A test of a tree expects none.
  public var mistakes: [String] { storage.state.withLock(\.mistakes) }

  /// Waits until at least so many calls have arrived. Returns early when the task is cancelled.
  public func waitForCalls(_ count: Int = 1) async { await storage.arrived.wait(for: count) }

  /// Waits until at least so many calls have been answered, with an error or without. Returns early when the task is
  /// cancelled.
  public func waitForAnswers(_ count: Int = 1) async { await storage.ended.wait(for: count) }

  // MARK: Driver

  /// Which store this is.
  public var leaf: Leaf? { storage.leaf }

  /// `Scripted`, with its name.
  public var outline: Outline {
    Outline(leaf: storage.leaf, kind: "Scripted", capabilities: capabilities, domain: domain)
  }

  /// Reads, as the script says.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await read(arrive(.get, key, in: context), [key])
  }

  /// Writes, as the script says.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await write(arrive(.put, key, record, in: context), at: key)
  }

  /// Writes if a condition holds, as the script says.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try await write(arrive(.compareAndPut, key, record, condition, in: context), at: key)
  }

  /// Deletes, as the script says.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try await write(arrive(.delete, key, proof: proof, in: context), at: key)
  }

  /// Deletes if a condition holds, as the script says.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    try await write(arrive(.delete, key, nil, condition, in: context), at: key)
  }

  /// Lists, as the script says.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try await perform(arrive(.list, in: context)) { answer in
      guard case .ok = answer else { return nil }
      return Page(of: contents.lazy.map { Page.Entry($0.key, Stat(of: $0.value)) }, for: request)
    }
  }

  /// Describes, as the script says.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try await read(arrive(.stat, key, in: context), [key]).map(Stat.init(of:))
  }

  /// Opens, as the script says.
  public func open(in context: Context) async throws(DriverError) -> Receipt {
    try await perform(arrive(.open, in: context)) { answer in
      switch answer {
      case .ok: Receipt(.opened)
      case .receipt(let receipt): receipt
      default: nil
      }
    }
  }

  /// Closes, as the script says.
  public func close(in context: Context) async throws(DriverError) {
    try await perform(arrive(.close, in: context)) { answer in if case .ok = answer { () } else { nil } }
  }

  /// The URL of a key in the scheme, if there is one. No call.
  public func url(for key: Key) -> StorageURL? {
    guard let scheme else { return nil }
    do throws(DriverError) { return try StorageURL("\(scheme):\(Cursor(after: key))") } catch { return nil }
  }

  /// Whether the URL has the scheme. No call.
  public func handles(_ url: StorageURL) -> Bool { url.scheme == scheme }

  /// Reads the first of the URLs that has a copy, as the script says; one call, whose key is that of the first URL of the
  /// scheme. `.ok` throws `unroutable` when none is.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    let keys = urls.filter(handles).compactMap { url in
      try? Cursor(url.string.dropFirst(url.scheme.utf8.count + 1)).key
    }
    return try await read(arrive(.get, keys.first, urls: urls, in: context), keys)
  }

  // MARK: The script

  private func arrive(
    _ operation: Event.Operation, _ key: Key? = nil, _ record: Record? = nil, _ condition: Precondition? = nil,
    proof: DeletionProof? = nil, urls: [StorageURL] = [], in context: Context
  ) -> Call {
    let call = storage.state.withLock { state in
      let call = Call(
        number: state.calls.count + 1, operation: operation, key: key, record: record, condition: condition,
        proof: proof, urls: urls, context: context)
      state.calls.append(call)
      return call
    }
    storage.arrived.add(1)
    return call
  }

  private func read(_ call: Call, _ keys: [Key]) async throws(DriverError) -> Record? {
    try await perform(call) { answer throws(DriverError) in
      switch answer {
      case .ok where !call.urls.isEmpty && !call.urls.contains(where: handles):
        throw DriverError(.unroutable, "scripted: none of these URLs is of the scheme")
      case .ok: .some(keys.compactMap { contents[$0] }.first)
      case .found(let record): .some(record)
      case .absent: .some(nil)
      default: nil
      }
    }
  }

  private func write(_ call: Call, at key: Key) async throws(DriverError) -> Receipt {
    try await perform(call) { answer throws(DriverError) in
      switch answer {
      case .ok: try apply(call, at: key)
      case .receipt(let receipt): receipt
      default: nil
      }
    }
  }

  /// Answers a call. `answer` gives `nil` for an answer that does not fit the call.
  private func perform<Result>(
    _ call: Call, answer: (Answer) throws(DriverError) -> Result?
  ) async throws(DriverError) -> Result {
    defer { storage.ended.add(1) }
    var next = script(call)
    while true {
      switch next {
      case .error(let code, let effect): throw DriverError(code, "scripted", effect: effect)
      case .failure(let error): throw error
      case .corrupt: throw DriverError(.corrupt, "scripted: a damaged copy")
      case .lostReply(let code):
        _ = try answer(.ok)
        throw DriverError(code, "scripted: the reply was lost", effect: .unknown)
      case .hang(let gate, let ignoringCancellation, let then):
        do throws(CancellationError) { try await gate.wait(ignoringCancellation: ignoringCancellation) } catch {
          throw DriverError(.cancelled, "scripted: cancelled while it hung")
        }
        next = then
      case .delay(let duration, let then):
        try await call.context.runtime.sleep(for: duration)
        next = then
      default:
        guard let result = try answer(next) else { throw mistake(next, for: call) }
        return result
      }
    }
  }

  private func mistake(_ answer: Answer, for call: Call) -> DriverError {
    let name = storage.leaf.name ?? ""
    let text = "answer \(call.number) of the script of \(name): \(answer) does not answer \(call.operation)"
    storage.state.withLock { $0.mistakes.append(text) }
    return DriverError(.unsupported, text, effect: .unchanged)
  }

  private func apply(_ call: Call, at key: Key) throws(DriverError) -> Receipt {
    return try storage.state.withLock { state throws(DriverError) in
      let stored = state.contents[key]
      try call.condition?.check(stored, at: key, writing: call.record)
      guard let record = call.record else {
        state.contents[key] = nil
        return Receipt(stored.map(\.isTombstone) ?? true ? .alreadyAbsent : .deleted)
      }
      if storage.leaf.ordering == .newestWins || call.condition != nil,
        let kept = try Receipt.keeping(stored, over: record, if: call.condition)
      {
        return kept
      }
      state.contents[key] = record
      return Receipt(storing: record, over: stored)
    }
  }
}

extension Scripted.Answer: CustomStringConvertible {
  /// The name of the answer, as a script writes it.
  public var description: String {
    switch self {
    case .ok: ".ok"
    case .found: ".found"
    case .absent: ".absent"
    case .receipt: ".receipt"
    case .error(let code, _): ".error(.\(code))"
    case .failure: ".failure"
    case .corrupt: ".corrupt"
    case .lostReply: ".lostReply"
    case .hang: ".hang"
    case .delay: ".delay"
    }
  }
}
