/// How entries get to the children.
extension HandoffJournal {
  // MARK: Children

  /// Learns how to reach children, and begins to send them what is queued.
  ///
  /// - Throws: `unsupported` when one has the name of another child, of another node; or is the same child, of which that
  ///   node needs other stores.
  func register(_ targets: [HandoffTarget]) throws(DriverError) {
    try withState { state throws(DriverError) in
      for target in targets {
        if let why = state.refusal(of: target) {
          throw DriverError(.unsupported, "the handoff journal on \(label) serves \(why)", effect: .unchanged)
        }
      }
      for target in targets {
        state.rules[target.child] = target.rule
        state.targets[target.child, default: []].removeAll { $0.owner == target.owner }
        state.targets[target.child, default: []].append(target)
      }
      state.hasNewTargets = state.hasNewTargets || !targets.isEmpty
    }
    for target in targets { startLoop(for: target.child) }
  }

  /// Forgets the children of a node, and stops sending to those that no other node has.
  func unregister(_ owner: ObjectIdentifier) {
    let (tasks, others) = withState { state in
      let children = state.targets.filter { $0.value.contains { $0.owner == owner } }.map(\.key).sorted()
      var tasks: [Task<Void, Never>] = []
      for child in children {
        state.targets[child]?.removeAll { $0.owner == owner }
        if state.targets[child]?.isEmpty ?? false { state.targets[child] = nil }
        // It may be in the middle of an attempt by the node that is closed.
        if let task = state.loops.removeValue(forKey: child)?.task { tasks.append(task) }
      }
      return (tasks, children.filter { state.targets[$0] != nil })
    }
    for task in tasks { task.cancel() }
    for child in others { startLoop(for: child) }
  }

  // MARK: In the background

  /// Sends to a child in the background, unless that is under way, or there is nothing to send.
  func startLoop(for child: String) {
    let started = withState { state -> (number: Int, runtime: Runtime)? in
      guard !state.isClosed, state.loops[child] == nil, let target = state.target(of: child),
        !state.isLoaded || state.queue.hasItems(for: child)
      else { return nil }
      state.lastLoop += 1
      state.loops[child] = Loop(number: state.lastLoop)
      return (state.lastLoop, target.context.runtime)
    }
    guard let (number, runtime) = started else { return }
    let task = runtime.startService { await self.send(to: child, in: number) }
    let isStopped = withState { state in
      guard state.loops[child]?.number == number else { return true }
      state.loops[child]?.task = task
      return false
    }
    if isStopped { task.cancel() }
  }

  /// Sends to a child until nothing is queued for it.
  private func send(to child: String, in number: Int) async {
    // Whoever has just failed, or still writes, is given a moment.
    var failures = 1
    while let runtime = withState({ $0.target(of: child)?.context.runtime }) {
      do throws(DriverError) { try await runtime.sleep(for: backOff.wait(after: failures, on: runtime)) } catch {
        break
      }
      guard withState({ $0.drains == 0 }) else { continue }
      var report = Report()
      let isClean = await replay(to: child, until: nil, isThorough: false, into: &report)
      // Where nothing could be sent, because all of it is still being written, the next look is later too.
      failures = isClean && !report.isIdle ? 1 : failures + 1
      let isOver = withState { state in
        guard state.loops[child]?.number == number else { return true }
        guard state.isLoaded, !state.queue.hasItems(for: child) else { return false }
        state.loops[child] = nil
        return true
      }
      if isOver { return }
    }
    withState { if $0.loops[child]?.number == number { $0.loops[child] = nil } }
  }

  /// Takes note that a write which was under way when it was queued has failed: it is sent from here.
  func ended(_ record: Record, at key: Key, for child: String, _ error: DriverError) {
    let slot = HandoffQueue.Slot(child: child, key: key)
    let target = withState { state -> HandoffTarget? in
      guard state.queue[slot]?.runsUntil != nil else { return nil }
      state.queue.end(slot, record.stamp, error)
      return state.target(of: child)
    }
    guard let target else { return }
    target.report(
      key, .acknowledged(Receipt(.queued, children: [Outcome(child, Outcome.Result(error))])),
      since: target.context.runtime.now)
    // The loop may wait for long, because there was nothing to send.
    withState { $0.loops.removeValue(forKey: child)?.task }?.cancel()
    startLoop(for: child)
  }

  /// Sends whatever is queued for a child, once.
  ///
  /// - Parameter isThorough: Whether what it has refused for good is tried once more.
  /// - Returns: Whether all of it was dealt with.
  private func replay(
    to child: String, until deadline: Duration?, isThorough: Bool, into report: inout Report
  ) async -> Bool {
    guard let target = withState({ $0.target(of: child) }) else { return false }
    let context = target.context.apart(traced: false)
    do throws(DriverError) { try await load(in: context) } catch { return false }
    var isClean = true
    for slot in withState({ $0.queue.turn(of: child, now: context.runtime.now, isThorough: isThorough) }) {
      guard !Task.isCancelled, deadline.map({ context.runtime.now < $0 }) ?? true else { return false }
      do throws(DriverError) {
        if try await !replay(slot, to: target, until: deadline, in: context, into: &report) { isClean = false }
      } catch {
        isClean = false
        withState { $0.queue.fail(slot, error, isFinal: error.isFinalRefusal) }
        // What does not concern this entry alone concerns the next one too.
        if error.isRetryable { return false }
      }
    }
    return isClean
  }

  /// Takes note of an entry that has waited for too long, and tells the observer. It stays.
  ///
  /// - Returns: Whether it has.
  func expire(_ slot: HandoffQueue.Slot, for target: HandoffTarget?, now: Duration) -> Bool {
    let (age, window) = withState { ($0.queue.expire(slot, now: now), $0.queue.window) }
    guard let age, let window else { return false }
    let error = DriverError(
      .timedOut,
      "the write of \(slot.key) was queued for \(slot.child) for \(age), longer than \(window), and is not sent any more. It "
        + "stays in the journal until discard(_:) gives it up", effect: .unchanged, isRetryable: false)
    target?.report(slot.key, .failed(error), since: now)
    return true
  }

  // MARK: At once

  /// Sends what is queued now, whatever the back-off says: each entry once, and with a deadline again and again, with
  /// the journal's back-off, until nothing is left or the deadline has passed.
  ///
  /// Entries are sent to the children of nodes that were opened, or written to, in this process; others are left.
  ///
  /// - Parameters:
  ///   - deadline: When to end at the latest, on the clock of the nodes' runtime (``Runtime/now``).
  ///   - context: Where the journal is read if no node uses it yet.
  /// - Returns: What became of each entry. One that the background was sending already is in no list.
  /// - Throws: What the journal's driver throws; `cancelled` when the caller is cancelled.
  @discardableResult
  public func drain(deadline: Duration? = nil, in context: Context = Context()) async throws(DriverError) -> Report {
    let known = withState { state in state.targets.min { $0.key < $1.key }?.value.last?.context }
    let context = (known ?? context).apart(traced: false)
    let runtime = context.runtime
    try await load(in: context)
    withState { $0.drains += 1 }
    defer { withState { $0.drains -= 1 } }
    var report = Report()
    var failures = 0
    while true {
      for child in withState({ $0.queue.children }) {
        if !(await replay(to: child, until: deadline, isThorough: failures == 0, into: &report)) {
          expire(for: child, now: runtime.now)
        }
      }
      if failures == 0 { try await settleStranded(in: context, into: &report) }
      failures += 1
      let wait = backOff.wait(after: failures, on: runtime)
      guard let deadline, runtime.now + wait < deadline,
        withState({ state in state.queue.children.contains { state.queue.hasItems(for: $0) } })
      else { break }
      try await runtime.sleep(for: wait)
    }
    guard !Task.isCancelled else {
      throw DriverError(.cancelled, "cancelled while draining the handoff journal; what was sent was sent")
    }
    withState { state in
      let items = state.queue.items.sorted { $0.key < $1.key }
      report.expired = items.filter(\.value.isExpired).map { Entry($0.key, $0.value) }
      report.left = items.filter { !$0.value.isExpired }.map { slot, item in
        Report.Left(entry: Entry(slot, item), reason: item.lastError ?? state.whyNot(slot))
      }
      report.damaged = state.damaged.sorted { $0.key < $1.key }.map(\.value)
    }
    return report
  }

  /// Looks at what nothing can be sent of.
  private func expire(for child: String, now: Duration) {
    let (target, slots) = withState { ($0.target(of: child), $0.queue.turn(of: child, now: now)) }
    for slot in slots { _ = expire(slot, for: target, now: now) }
  }
}

extension HandoffJournal.State {
  /// Why an entry was not even tried.
  fileprivate func whyNot(_ slot: HandoffQueue.Slot) -> DriverError? {
    guard targets[slot.child] == nil else { return nil }
    return DriverError(
      .unroutable,
      "no node that was opened in this process has a child called \(slot.child), or with its stores, and this journal",
      effect: .unchanged)
  }
}
