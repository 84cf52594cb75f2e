#if HTTP
  import MetaDriver
  import MetaDriverHTTP

  /// Writes that look before they write, and are refused by the server when somebody else writes in between.
  extension S3Store {
    /// How often a write looks again because somebody else wrote in between.
    private static let attemptLimit = 16

    /// Writes a datum unless a newer one is there, or if a condition holds.
    func putRanked(
      _ record: Record, at key: Key, if condition: Precondition?, in context: Context
    ) async throws(DriverError) -> Receipt {
      let proof = try await proven(in: context)
      let token = String(context.runtime.withRandom { UInt64.random(in: 0...UInt64.max, using: &$0) }, radix: 16)
      var uncertain: (seen: Seen, error: DriverError)?
      for _ in 0..<Self.attemptLimit {
        guard let seen = try await see(key, for: condition, writing: record, in: context) else { continue }
        if let (before, error) = uncertain {
          if seen.token == token { return receipt(of: record, over: before) }
          // Nobody else wrote, so it was no race that was lost: the write may land yet.
          if seen.tag == before.tag { throw error }
          uncertain = nil
        }
        if let condition { try condition.check(seen.stored, at: key, writing: record) }
        if let receipt = try Receipt.keeping(seen.stored, over: record, if: condition) { return receipt }
        let ending = try await put(
          record, at: key, if: seen.tag.map { .tag($0) } ?? .absent, token: token, quotesTags: proof.quotesTags,
          in: context)
        switch ending {
        case .done: return receipt(of: record, over: seen)
        case .refused: continue
        case .uncertain(let error): uncertain = (seen, error)
        }
      }
      if let uncertain { throw uncertain.error }
      throw overrun("put", of: key)
    }

    /// Removes a datum if a condition holds.
    func removeRanked(
      _ key: Key, if condition: Precondition, in context: Context
    ) async throws(DriverError) -> Receipt {
      let proof = try await proven(in: context)
      for _ in 0..<Self.attemptLimit {
        guard let seen = try await see(key, for: condition, writing: nil, in: context) else { continue }
        try condition.check(seen.stored, at: key)
        guard let tag = seen.tag else { return Receipt(.alreadyAbsent) }
        let isGone = try await remove(
          object: object(of: key), "delete of \(key)", if: .tag(tag), quotesTags: proof.quotesTags, in: context)
        if isGone { return Receipt(seen.stored?.isTombstone == true ? .alreadyAbsent : .deleted) }
      }
      throw overrun("delete", of: key)
    }

    private func receipt(of record: Record, over seen: Seen) -> Receipt {
      Receipt(storing: record, over: seen.stored, isDamaged: seen.stored == nil && seen.tag != nil)
    }

    private func overrun(_ operation: String, of key: Key) -> DriverError {
      DriverError(
        .conflict,
        "somebody else wrote \(key) in each of \(Self.attemptLimit) attempts of a \(operation): nothing was changed"
      )
    }

    /// What a look before a write saw: the copy, the tag of its version, and the token of the write that made it.
    private typealias Seen = (stored: Record?, tag: String?, token: String?)

    /// What is stored, as far as a write has to know: without its bytes, unless they make a difference.
    ///
    /// - Returns: `nil` when it changed between two looks.
    /// - Throws: `corrupt` when it is damaged, and there is a condition of which then nobody can say whether it holds.
    private func see(
      _ key: Key, for condition: Precondition?, writing record: Record?, in context: Context
    ) async throws(DriverError) -> Seen? {
      do throws(DriverError) {
        switch try await look(key, in: context) {
        case .absent: return (nil, nil, nil)
        case .damaged(let error, let tag):
          if condition != nil { throw error }
          return (nil, tag, nil)
        case .sound(let stat, let tag, let token):
          if Self.isMatterOfBytes(stat, condition, record) {
            return try await seeAll(key, tag, token, condition, in: context)
          }
          var stored = Record([], stamp: stat.stamp)
          stored.isTombstone = stat.isTombstone
          return (stored, tag, token)
        }
      } catch { throw error.with(effect: .unchanged) }
    }

    private func seeAll(
      _ key: Key, _ tag: String, _ token: String?, _ condition: Precondition?, in context: Context
    ) async throws(DriverError) -> Seen? {
      do throws(DriverError) {
        // Another version, and the look is worth nothing.
        guard let stored = try await get(key, in: context), stored.facts?.entityTag == tag else { return nil }
        return (stored, tag, token)
      } catch {
        guard error.code == .corrupt, condition == nil else { throw error }
        return (nil, tag, nil)
      }
    }

    /// Whether the bytes that are stored decide: of the same version, or the very record to write.
    private static func isMatterOfBytes(_ stat: Stat, _ condition: Precondition?, _ record: Record?) -> Bool {
      if case .unchanged(let expected) = condition, expected.stamp == stat.stamp { return true }
      return record?.stamp != nil && record?.stamp == stat.stamp
    }
  }
#endif
