import MetaDriver
import MetaDriverTesting

extension Breakage {
  /// A driver that changes what it reads.
  private static func reading(
    _ description: String, _ cases: Conformance.Case..., others: [Conformance.Case] = [],
    change: @escaping @Sendable (Record) -> Record?
  ) -> Breakage {
    Breakage(description, cases: Set(cases), others: Set(others)) { shelf in
      shelf.onGet = { shelf, key, _ throws(DriverError) in shelf[key].flatMap(change) }
    }
  }

  static let stamps: [Breakage] = [
    reading(
      "Stamps are lost", .stamps, .tombstones, .ordering, .envelopes, .stats, .compareAndPut,
      others: [.createOnly, .reopening, .compareAndDelete, .repeatedPuts]
    ) { record in
      var record = record
      record.stamp = nil
      return record
    },
    reading("Parents are lost", .stamps, .tombstones) { record in
      Record(record.bytes, stamp: record.stamp).marked(record.isTombstone)
    },
    reading(
      "The parent is read as the stamp's own", .stamps,
      others: [
        .compareAndPut, .createOnly, .envelopes, .ordering, .reopening, .tombstones, .compareAndDelete, .repeatedPuts,
      ]
    ) { record in
      record.parent == nil && !record.isTombstone
        ? Record(record.bytes, stamp: record.stamp, parent: record.stamp) : record
    },
    reading("Tombstones lose their mark", .tombstones, .ordering, .stats, others: [.compareAndPut]) {
      $0.marked(false)
    },
    reading("Tombstones lose their proof", .tombstones, .stats) { record in
      record.isTombstone ? Record([], stamp: record.stamp, parent: record.parent).marked(true) : record
    },
    Breakage(
      "A tombstone is carried out as a delete", .tombstones, .ordering, .listingTombstones,
      others: [.compareAndDelete, .compareAndPut]
    ) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        let receipt = try shelf.write(write)
        if write.record.isTombstone, shelf[write.key]?.isTombstone == true { _ = shelf.remove(write.key) }
        return receipt
      }
    },
    reading("A value that looks like an envelope is opened", .envelopes, others: [.stats]) { record in
      record.stamp == nil ? try? Record(decoding: record.bytes, for: "looks like an envelope") : record
    },
    reading("A value that looks like an envelope is checked as one, by its digest", .envelopes) { record in
      let key: Key = "looks like an envelope", bytes = record.bytes
      let looksSound = (try? Record.stat(decoding: bytes, storedByteCount: bytes.count, for: key)) != nil
      return record.stamp == nil && looksSound && (try? Record(decoding: bytes, for: key)) == nil ? nil : record
    },
    Breakage("The last put wins, although the newest should", .ordering, others: [.errors]) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if write.condition != nil { return try shelf.write(write) }
        let stored = shelf[write.key]
        shelf[write.key] = write.record
        return Receipt(storing: write.record, over: stored)
      }
    },
    Breakage("Bytes without a stamp replace bytes with one", .ordering) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if write.condition == nil, write.record.stamp == nil { shelf[write.key] = nil }
        return try shelf.write(write)
      }
    },
    Breakage("An older put is refused, and acknowledged as stored", .ordering) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        let receipt = try shelf.write(write)
        if case .superseded = receipt.result { return Receipt(.stored, stamp: write.record.stamp) }
        return receipt
      }
    },
    Breakage("A put says that it was superseded by itself", .ordering) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        let receipt = try shelf.write(write)
        guard case .superseded = receipt.result, let stamp = write.record.stamp else { return receipt }
        return Receipt(.superseded(by: stamp), stamp: stamp)
      }
    },
    Breakage("The same record with the same stamp is refused", .ordering, others: [.repeatedPuts]) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if let stamp = write.record.stamp, shelf[write.key] == write.record {
          return Receipt(.superseded(by: stamp), stamp: stamp)
        }
        return try shelf.write(write)
      }
    },
    Breakage("A value outranks a tombstone of the same stamp", .ordering) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if write.record.isTombstone, let stored = shelf[write.key], stored.stamp == write.record.stamp {
          return Receipt(.deleted, stamp: stored.stamp)
        }
        return try shelf.write(write)
      }
    },
    Breakage("Puts take no order, and the receipt lies about it", .ordering, others: [.compareAndPut], ordering: .none)
    { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if let stored = shelf[write.key]?.stamp, let stamp = write.record.stamp, stamp < stored {
          return Receipt(.stored, stamp: stamp)
        }
        return try shelf.write(write)
      }
    },
    Breakage("A receipt names another stamp", .stamps, others: nil) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        var receipt = try shelf.write(write)
        receipt.stamp = write.record.stamp.map { Stamp(time: $0.time + 1, writer: $0.writer) }
        return receipt
      }
    },
  ]
}

extension Record {
  fileprivate func marked(_ isTombstone: Bool) -> Record {
    var record = self
    record.isTombstone = isTombstone
    return record
  }
}
