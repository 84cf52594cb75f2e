import MetaDriver

/// What all rows read and write.
let datum = Key.mutable("alice/profile")
/// The value that is written there: 1 KiB.
let value = Record([UInt8](repeating: 7, count: 1_024))

/// A store in memory that holds the datum.
func stored(_ name: String? = nil) async throws -> MemoryDriver {
  let memory = MemoryDriver(name)
  try await memory.put(value.bytes, at: datum)
  return memory
}
