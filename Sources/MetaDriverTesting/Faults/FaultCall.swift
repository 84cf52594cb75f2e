import MetaDriver

/// One call to a store, named so that it is the same call in every run of one seed, whatever happens around it.
struct FaultCall: Hashable, Sendable {
  /// The name of the store.
  let leaf: String
  /// The client's operation that the call serves, if it is known: see ``StepHint``.
  let step: Int?
  /// What was asked.
  let operation: Event.Operation
  /// Which call it is, from 1, of those with the same leaf, step and operation.
  let number: Int
}

/// The number of the client's operation that a call serves, which a simulation hands down in the call's hints.
enum StepHint: HintKey { typealias Value = Int }
