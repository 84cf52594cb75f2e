import MetaDriver

/// A child that takes its time, on the clock of the call's runtime.
struct Delayed<Base: Driver>: Modifier {
  let base: Base
  let delay: Duration

  var outline: Outline { Outline(modifier: "Delayed", of: base.outline, parameters: ["by": "\(delay)"]) }

  func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try await context.runtime.sleep(for: delay)
    return try await context.get(key, from: base)
  }

  func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try await context.runtime.sleep(for: delay)
    return try await context.put(record, at: key, to: base)
  }
}

extension Driver {
  /// This driver, answering after a delay.
  func delayed(by delay: Duration) -> Delayed<Self> { Delayed(base: self, delay: delay) }
}
