import MetaDriver

/// What ranks copies.
extension CaseRun {
  func checkStamps() async {
    let parent = runtime.nextStamp()
    for (number, size) in [0, 1, 500].enumerated() {
      let key = key("stamped \(number)")
      let stamp = runtime.nextStamp()
      for record in [
        Record(value(size, 1), stamp: stamp),
        Record(value(size, 2), stamp: runtime.nextStamp(), parent: stamp),
        Record(value(size, 3), stamp: runtime.nextStamp(), parent: parent),
      ] {
        guard await store(record, at: key) else { return }
        await expect(record, at: key, "put \(show(record)) at \(key)")
      }
    }
    let extreme = Record(value(9), stamp: Stamp(time: 1, writer: .max), parent: Stamp(time: 0, writer: 0))
    let key = key("stamped at the beginning of time")
    if await store(extreme, at: key) { await expect(extreme, at: key, "put \(show(extreme)) at \(key)") }
  }

  func checkTombstones() async {
    let proofs: [DeletionProof?] = [nil, DeletionProof([1, 2, 3]), DeletionProof(value(64))]
    for (number, proof) in proofs.enumerated() {
      let key = key("buried \(number)")
      let old = Record(value(100), stamp: runtime.nextStamp())
      guard await store(old, at: key) else { return }
      let tombstone = Record.tombstone(proof, stamp: runtime.nextStamp(), parent: old.stamp)
      guard await store(tombstone, at: key) else { return }
      await expect(tombstone, at: key, "put \(show(old)) at \(key), put \(show(tombstone))")
      let new = Record(value(50, 1), stamp: runtime.nextStamp())
      guard await store(new, at: key) else { return }
      await expect(new, at: key, "put \(show(tombstone)) at \(key), put \(show(new))")
    }
    let key = key("buried and never born")
    let tombstone = Record.tombstone(DeletionProof(value(10)), stamp: runtime.nextStamp())
    if await store(tombstone, at: key) { await expect(tombstone, at: key, "put \(show(tombstone)) at \(key)") }
  }

  func checkEnvelopes() async {
    let key = key("looks like an envelope")
    let stamped = Record(value(40), stamp: runtime.nextStamp())
    let envelope = stamped.encoded(for: key)
    var damaged = envelope
    damaged[0] ^= 1
    // One bit of what the head says, and one of what only the digest covers.
    var flippedHead = envelope
    flippedHead[6] ^= 1
    var flippedBody = envelope
    flippedBody[Record.envelopeByteCount + 8] ^= 1
    let lookalikes = [
      envelope, Record(envelope).encoded(for: key), damaged, flippedHead, flippedBody,
      Array(envelope.prefix(1)), Array(envelope.prefix(3)), Array(envelope.prefix(4)), Array(envelope.prefix(20)),
      Array(envelope.prefix(Record.envelopeByteCount)), Array(envelope.prefix(3)) + [0x53],
      stamped.encoded(for: self.key("another")), Record.tombstone(stamp: runtime.nextStamp()).encoded(for: key),
    ]
    for bytes in lookalikes {
      let record = Record(bytes)
      guard await store(record, at: key) else { return }
      await expect(record, at: key, "put \(show(record)) that look like an envelope")
    }
    for bytes in lookalikes {
      let record = Record(bytes, stamp: runtime.nextStamp())
      guard await store(record, at: key) else { return }
      await expect(record, at: key, "put \(show(record)) that look like an envelope")
    }
  }

  func checkOrdering() async {
    let key = key("ordered")
    let (oldest, old, middle, new) = (
      runtime.nextStamp(), runtime.nextStamp(), runtime.nextStamp(), runtime.nextStamp()
    )
    let first = Record(value(40, 1), stamp: middle)
    guard await store(first, at: key) else { return }
    // What a leaf says of a put must be what it did: that much holds for every ordering.
    await putTruthfully(Record(value(41, 2), stamp: old), over: first, at: key)
    await putTruthfully(.tombstone(stamp: oldest), over: first, at: key)
    let last = Record(value(42, 3), stamp: new)
    guard await store(last, at: key) else { return }
    await expect(last, at: key, "put a newer stamp over an older one")
    await store(last, at: key, "put the same record with the same stamp twice")
    await expect(last, at: key, "put the same record with the same stamp twice")
    guard facts.ordering == .newestWins else { return }
    let tombstone = Record.tombstone(stamp: new)
    await store(tombstone, at: key, "put a tombstone over a value with the same stamp")
    await expect(tombstone, at: key, "put a tombstone over a value with the same stamp")
    guard !facts.stamps else { return }
    let bare = self.key("stamped, then not")
    guard await store(first, at: bare) else { return }
    let reply = await put(Record(value(10, 4)), at: bare)
    expectRefusal(reply, .conflict, action: "put \(show(first)) at \(bare), put 10 bytes without a stamp")
    await expect(first, at: bare, "put \(show(first)) at \(bare), put 10 bytes without a stamp")
    let unstamped = self.key("not stamped, then stamped")
    guard await store(Record(value(10, 5)), at: unstamped), await store(first, at: unstamped) else { return }
    await expect(first, at: unstamped, "put 10 bytes without a stamp at \(unstamped), put \(show(first))")
  }

  /// Puts a record with an older stamp. A leaf that compares stamps keeps what is there; another one may take it.
  private func putTruthfully(_ older: Record, over kept: Record, at key: Key) async {
    let action = "put \(show(kept)) at \(key), put \(show(older))"
    let reply = await put(older, at: key)
    if case .success(let receipt) = reply {
      switch receipt.result {
      case .superseded(let stamp) where stamp == kept.stamp:
        await expect(kept, at: key, action + ", which says superseded")
        return
      case .stored where facts.ordering != .newestWins, .deleted where facts.ordering != .newestWins:
        await expect(older, at: key, action + ", which says \(receipt.result)")
        await store(kept, at: key)
        return
      default: break
      }
    }
    // A session does not even ask: it knows that it has written something newer. A composite above it names it.
    if facts.stamps, case .failure(let error) = reply, error.effect == .unchanged,
      error.code == .conflict || error.outcomes.contains(where: { $0.result.error?.code == .conflict })
    {
      await expect(kept, at: key, action + ", which says conflict")
      return
    }
    report(action, expected: "superseded by \(kept.stamp.map { "\($0)" } ?? "")", seen: show(reply))
    await expect(kept, at: key, action)
  }
}
