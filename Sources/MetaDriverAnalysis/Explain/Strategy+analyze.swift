public import MetaDriver

extension Strategy {
  /// Makes one call, and says what each node of the tree did for it: what it was asked, when, for how long, and how that
  /// ended. A node that was never asked says so.
  ///
  /// ```swift
  /// let execution = await profiles.explain(analyze: .put(bytes, at: "alice/profile"), draining: .seconds(5))
  /// print(execution)
  /// ```
  ///
  /// The call is a real one: a put is put. One that fails is explained all the same, and `outcome` has the error. What is
  /// still running when the caller is answered says so; with `draining` the explanation waits for it, and says how it
  /// ended, late. What is sent out of a queue later is no part of the call.
  ///
  /// - Parameters:
  ///   - call: What to ask.
  ///   - options: What else the drivers are told.
  ///   - limit: How long to wait, after the caller was answered, for the operations that go on in the runtime, those of
  ///     other calls included; `nil` does not wait.
  /// - Complexity: What the call costs, and an allocation or two for each operation on a node.
  public func explain(
    analyze call: ExplainedCall, options: CallOptions = CallOptions(), draining limit: Duration? = nil
  ) async -> Execution {
    let observation = Observation()
    var options = options
    options.observer = observation
    let start = runtime.now
    let outcome: Event.Outcome
    do throws(DriverError) { outcome = try await call.run(self, options) } catch { outcome = .failed(error) }
    let duration = runtime.now - start
    if let limit { await drain(timeout: limit) }
    let (root, unkeptCount) = observation.tree(of: outline, since: start)
    return Execution(
      strategy: name, call: call.text, outcome: outcome, duration: duration, root: root, unkeptCount: unkeptCount)
  }
}
