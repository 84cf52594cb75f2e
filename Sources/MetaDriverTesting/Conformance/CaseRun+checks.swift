import MetaDriver

/// The steps that most cases are made of. Each makes a finding when something else comes of it.
extension CaseRun {
  /// Writes a record, which must be acknowledged as stored.
  ///
  /// - Returns: Whether it was.
  @discardableResult
  func store(_ record: Record, at key: Key, if condition: Precondition? = nil, _ action: String? = nil) async -> Bool {
    func blame(_ expected: String, _ seen: String) {
      report(action ?? "put \(show(record)) at \(key)", expected: expected, seen: seen)
    }
    let reply = await put(record, at: key, if: condition)
    if case .success(let receipt) = reply {
      if let stamp = receipt.stamp, let given = record.stamp, stamp != given {
        blame("a receipt with the stamp \(given)", "the stamp \(stamp)")
      }
      switch receipt.result {
      case .stored: if !record.isTombstone { return true }
      case .deleted, .alreadyAbsent: if record.isTombstone { return true }
      default: break
      }
    }
    blame(record.isTombstone ? "deleted or already absent" : "stored", show(reply))
    return false
  }

  /// Reads a key, and finds fault with anything but the record.
  ///
  /// - Parameters:
  ///   - record: What must be there; `nil` for nothing, or a tombstone.
  ///   - action: What was done before.
  /// - Returns: Whether it was there.
  @discardableResult
  func expect(_ record: Record?, at key: Key, _ action: @autoclosure () -> String) async -> Bool {
    let reply = await get(key)
    if case .success(let seen) = reply, matches(seen, record) { return true }
    report("\(action()), then get \(key)", expected: show(record), seen: difference(reply, from: record))
    return false
  }

  /// Deletes a key, and finds fault with a receipt that says something else.
  ///
  /// - Parameter wasThere: Whether something is to be deleted. A tree that deletes by writing tombstones over blind
  ///   stores cannot know, and may say either.
  @discardableResult
  func remove(_ key: Key, wasThere: Bool, _ action: @autoclosure () -> String) async -> Bool {
    let reply = await delete(key)
    if case .success(let receipt) = reply {
      switch receipt.result {
      case .deleted: if wasThere || facts.stamps { return true }
      case .alreadyAbsent: if !wasThere || facts.stamps { return true }
      default: break
      }
    }
    report(
      "\(action()), then delete \(key)", expected: wasThere ? "deleted" : "already absent", seen: show(reply))
    return false
  }

  /// Finds fault with a write that did anything but fail for one of these reasons, without effect. A node with several
  /// children may not know yet what the others did.
  @discardableResult
  func expectRefusal(
    _ reply: Result<Receipt, DriverError>, _ codes: DriverError.Code..., action: @autoclosure () -> String
  ) -> Bool {
    if case .failure(let error) = reply, codes.contains(where: error.says),
      error.effect == .unchanged || !error.outcomes.isEmpty
    {
      return true
    }
    let names = codes.map(\.description).joined(separator: " or ")
    report(action(), expected: "\(names), effect unchanged", seen: show(reply))
    return false
  }

  /// Whether a copy is the record, as far as the tree lets it be: one that stamps may have given it a stamp.
  func matches(_ seen: Record?, _ record: Record?) -> Bool {
    guard let record else { return seen.map(\.isTombstone) ?? true }
    guard let seen, seen.bytes == record.bytes, seen.isTombstone == record.isTombstone else { return false }
    if facts.stamps, record.stamp == nil { return true }
    return seen.stamp == record.stamp && seen.parent == record.parent
  }

  // MARK: Keys and values

  /// A key of mutable data; the name must be one.
  func key(_ name: String) -> Key {
    do throws(DriverError) { return .mutable(try DataID(name)) } catch { preconditionFailure("\(error)") }
  }

  private static var blockByteCount: Int { 1_024 }

  /// Bytes that depend on `number`: no two values of one case are alike, whatever their sizes, and no two blocks of one
  /// value are.
  func value(_ byteCount: Int, _ number: Int = 0) -> [UInt8] {
    var generator = SeededGenerator(seed: UInt64(number) &* 0x1_0000 &+ UInt64(byteCount))
    var block: [UInt8] = []
    while block.count < min(byteCount, Self.blockByteCount) {
      let word = generator.next()
      block += [
        UInt8(truncatingIfNeeded: word), UInt8(truncatingIfNeeded: word >> 8), UInt8(truncatingIfNeeded: word >> 16),
        UInt8(truncatingIfNeeded: word >> 24), UInt8(truncatingIfNeeded: word >> 32),
        UInt8(truncatingIfNeeded: word >> 40), UInt8(truncatingIfNeeded: word >> 48),
        UInt8(truncatingIfNeeded: word >> 56),
      ]
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    while bytes.count < byteCount {
      let start = bytes.count
      bytes += block.prefix(min(block.count, byteCount - start))
      var index = start / Self.blockByteCount
      for offset in start..<min(start + 4, bytes.count) {
        bytes[offset] ^= UInt8(truncatingIfNeeded: index)
        index >>= 8
      }
    }
    return bytes
  }
}

extension DriverError {
  /// Whether this is the reason, here or at every child that failed.
  func says(_ code: Code) -> Bool {
    if self.code == code { return true }
    let errors = outcomes.compactMap(\.result.error)
    return !errors.isEmpty && errors.allSatisfy { $0.says(code) }
  }
}
