/// Stored bytes, as a fuzzer that watches the code makes them up: whatever a store gives back must be a value, or
/// `corrupt`, and a value must be stored again as it was.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  checkEnvelope(bytes)
  // Random bytes never have the right hashes, so what stands behind the checks is reached with such as were put right.
  if count >= Record.envelopeByteCount { checkEnvelope(withHashes(bytes)) }
  for kind in [Document.Kind.sessionFloor, .handoff, .migration] { checkDocument(bytes, kind) }
  if let text = String(validating: bytes, as: UTF8.self) {
    if let token = try? SessionToken(text) { precondition((try? SessionToken(token.description)) == token) }
    if let plan = try? ScrubPlan(text) { precondition((try? ScrubPlan(plan.description)) == plan) }
    if let plan = try? PurgePlan(text) { precondition((try? PurgePlan(plan.description)) == plan) }
    if let cursor = try? Cursor(text) { precondition(cursor.description == text) }
  }
  return 0
}

private let key = Key.mutable("k")

private func checkEnvelope(_ bytes: [UInt8]) {
  do throws(DriverError) {
    let record = try Record(decoding: bytes, for: key)
    precondition(record.encoded(for: key) == bytes, "a value is stored in another way than it was read from")
    let stat = try Record.stat(decoding: bytes, storedByteCount: bytes.count, for: key)
    precondition(stat == Stat(of: record), "the header describes another value")
  } catch {
    precondition(error.code == .corrupt, "\(error)")
  }
}

/// The same bytes with the digest and the checksum that an envelope of this content has.
private func withHashes(_ bytes: [UInt8]) -> [UInt8] {
  var record = Record(Array(bytes[Record.envelopeByteCount...]))
  record.isTombstone = bytes[5] & 1 != 0
  if bytes[5] & 2 != 0 { record.stamp = Stamp(time: bytes.bigEndianWord(at: 6), writer: bytes.bigEndianWord(at: 14)) }
  if bytes[5] & 4 != 0 { record.parent = Stamp(time: bytes.bigEndianWord(at: 22), writer: bytes.bigEndianWord(at: 30)) }
  return record.encoded(for: key)
}

private func checkDocument(_ bytes: [UInt8], _ kind: Document.Kind) {
  for stored in [bytes, Document.sealed(bytes)] {
    do throws(DriverError) {
      var reader = try Document.Reader(stored, kind, version: 1)
      while true {
        switch bytes.count % 5 {
        case 0: _ = try reader.number()
        case 1: _ = try reader.field()
        case 2: _ = try reader.text()
        case 3: _ = try reader.key()
        default: _ = try reader.stamp()
        }
      }
    } catch {
      precondition(error.code == .corrupt || error.code == .invalidKey, "\(error)")
    }
  }
}

extension Document {
  /// The bytes with a digest that fits them.
  fileprivate static func sealed(_ bytes: [UInt8]) -> [UInt8] {
    var hasher = SHA256()
    hasher.update(bytes[...])
    var sealed = bytes
    sealed.append(bigEndian: hasher.finalize().0)
    return sealed
  }
}
