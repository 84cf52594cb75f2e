/// Where the state of a migration is kept: one document on a driver that can check and write in one step.
struct MigrationJournal: Sendable {
  /// How often a change is tried again because another process made one meanwhile.
  private static let attemptLimit = 64
  /// Its place among the children of the node, behind the two sides.
  private static let index = 2

  let name: String
  let key: Key
  let driver: any Driver
  private let label: String

  init(_ name: String, on driver: any Driver) {
    self.name = name
    self.driver = driver
    label = driver.outline.label
    do throws(DriverError) { key = try Key(.mutable, name: "metadriver/migration/\(name)") } catch {
      preconditionFailure("a migration cannot be called \(quoted(name)): \(error.message)")
    }
  }

  /// Reads the state. What was never written has not begun.
  ///
  /// - Throws: `corrupt` when what is stored cannot be read; whatever the driver throws. Nothing was changed in any case.
  func look(in context: Context) async throws(DriverError) -> MigrationState {
    try await read(in: context).state
  }

  private func read(in context: Context) async throws(DriverError) -> (state: MigrationState, stored: Record?) {
    do throws(DriverError) {
      let stored = try await context.aside.get(key, from: driver, at: Self.index).flatMap { $0.isTombstone ? nil : $0 }
      guard let stored else { return (MigrationState(), nil) }
      return (try MigrationState(document: stored.bytes, of: name), stored)
    } catch {
      let advice =
        error.code == .corrupt
        ? "; restore it, or call recover(as:) with the phase that the migration was in. Until then nothing is read or written"
        : ""
      throw DriverError(
        error.code,
        "the phase of the migration \(quoted(name)) is not known: \(key) on \(label) could not be read\(advice)",
        underlying: error, effect: .unchanged, isRetryable: error.isRetryable, isExhausted: error.isExhausted,
        retryAfter: error.retryAfter)
    }
  }

  /// Changes the state in one step.
  ///
  /// - Parameter change: Changes it; false when there is nothing to change.
  /// - Returns: The state as it is then.
  func change(
    in context: Context, _ change: (inout MigrationState) throws(DriverError) -> Bool
  ) async throws(DriverError) -> MigrationState {
    for _ in 0..<Self.attemptLimit {
      var (state, stored) = try await read(in: context)
      guard try change(&state) else { return state }
      do throws(DriverError) {
        try await write(state, over: stored, in: context)
        return state
      } catch {
        guard error.code == .conflict else { throw error }
      }
    }
    throw DriverError(
      .conflict,
      "other processes changed the state of the migration \(quoted(name)) in each of \(Self.attemptLimit) attempts")
  }

  private func write(_ state: MigrationState, over stored: Record?, in context: Context) async throws(DriverError) {
    let record = Record(state.document(of: name, edit: context.runtime.withRandom { $0.next() }))
    let condition = stored.map { Precondition.unchanged(since: $0) } ?? .absent
    do throws(DriverError) {
      _ = try await context.aside.put(record, at: key, if: condition, to: driver, at: Self.index)
    } catch {
      // A lost reply: no other document has these bytes.
      guard error.effect == .unknown, !Task.isCancelled,
        let found = try? await context.aside.get(key, from: driver, at: Self.index), found.bytes == record.bytes
      else { throw error }
    }
  }

  /// Replaces a state that cannot be read.
  ///
  /// - Throws: `conflict` when it can be read.
  func replace(with state: MigrationState, in context: Context) async throws(DriverError) {
    do throws(DriverError) {
      let found = try await look(in: context)
      throw DriverError(
        .conflict, "the state of the migration \(quoted(name)) can be read: it is \(found.phase). Nothing was changed")
    } catch { guard error.code == .corrupt else { throw error } }
    let stored: Record?
    // Where the store itself finds the copy damaged, there is no condition to be had, and a put replaces it.
    do throws(DriverError) { stored = try await context.aside.get(key, from: driver, at: Self.index) } catch {
      guard error.code == .corrupt else { throw error }
      let record = Record(state.document(of: name, edit: context.runtime.withRandom { $0.next() }))
      _ = try await context.aside.put(record, at: key, to: driver, at: Self.index)
      return
    }
    try await write(state, over: stored, in: context)
  }
}
