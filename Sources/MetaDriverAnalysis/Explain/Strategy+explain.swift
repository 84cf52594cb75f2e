public import MetaDriver

extension Strategy {
  /// What the tree will do for an operation on a datum. Nothing is asked of any driver, and nothing changes: no permit is
  /// taken, no probe is sent, no stamp is made.
  ///
  /// ```swift
  /// print(profiles.explain(.put, "alice/profile"))
  /// print(profiles.explain(.get, "alice/profile", options: CallOptions(timeout: .seconds(2), omitting: ["eu"])))
  /// ```
  ///
  /// The plan says what the tree does while nothing fails, and what it does about failures where that is one step. Which
  /// child answers first, which phase a migration is in, and what a session remembers, only a call can tell: see
  /// ``explain(analyze:options:draining:)``.
  ///
  /// - Parameters:
  ///   - operation: What is to be asked.
  ///   - key: The datum; the kind of its data decides.
  ///   - options: What the call would say besides.
  /// - Complexity: O(n) for n nodes.
  public func explain(
    _ operation: Plan.Operation, _ key: Key, options: CallOptions = CallOptions()
  ) -> Plan {
    Planner(outline, operation, key.kind, options).plan(of: name, key)
  }

  /// What the tree will do for an operation on any datum of a kind: see ``explain(_:_:options:)``.
  ///
  /// ```swift
  /// print(profiles.explain(.list))
  /// ```
  public func explain(
    _ operation: Plan.Operation, kind: Key.Kind = .mutable, options: CallOptions = CallOptions()
  ) -> Plan {
    Planner(outline, operation, kind, options).plan(of: name, nil)
  }
}
