import MetaDriver
import MetaDriverTesting
import TestSupport

extension Breakage {
  static let values: [Breakage] = [
    Breakage(
      "A shorter value leaves the tail of the longer one", .overwriting, .emptyValues,
      others: [
        .oversized, .concurrentWriters, .concurrentReaders, .cancelledPuts, .stats, .openingTwice, .useAfterClose,
        .reopening, .tombstones, .envelopes, .ordering, .compareAndPut,
      ]
    ) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        var write = write
        let old = shelf[write.key]?.bytes ?? []
        if write.condition == nil, old.count > write.record.bytes.count {
          write.record.bytes += old[write.record.bytes.count...]
        }
        return try shelf.write(write)
      }
    },
    Breakage("Half of a large value is stored", .payloads, .oversized) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        var write = write
        if write.record.bytes.count >= 1 << 20 { write.record.bytes.removeLast(write.record.bytes.count / 2) }
        return try shelf.write(write)
      }
    },
    Breakage("A bit of a large value is flipped", .payloads, .oversized) { shelf in
      shelf.onGet = { shelf, key, _ throws(DriverError) in
        var record = shelf[key]
        if let count = record?.bytes.count, count > 4_096 { record?.bytes[count - 1] ^= 1 }
        return record
      }
    },
    Breakage("Values are text, whose line ends are translated", .payloads, others: nil) { shelf in
      shelf.onGet = { shelf, key, _ throws(DriverError) in
        guard var record = shelf[key] else { return nil }
        record.bytes.removeAll { $0 == 13 }
        return record
      }
    },
    Breakage(
      "An empty value is read as absent", .emptyValues, .payloads, .overwriting, .stamps,
      others: [.reopening, .stats, .tombstones]
    ) { shelf in
      shelf.onGet = { shelf, key, _ throws(DriverError) in
        let record = shelf[key]
        return record?.bytes.isEmpty == true && record?.isTombstone == false ? nil : record
      }
    },
    Breakage("A read is answered with a stale copy", .overwriting, .acknowledged, others: nil) { shelf in
      let cache = Box<[Key: Record]>([:])
      shelf.onGet = { shelf, key, _ throws(DriverError) in
        if let copy = cache.value[key] { return copy }
        cache.value[key] = shelf[key]
        return shelf[key]
      }
    },
    Breakage("A put is acknowledged before it is there", .acknowledged, .overwriting, .payloads, others: nil) { shelf in
      shelf.onPut = { shelf, write, context throws(DriverError) in
        context.runtime.start {
          do throws(DriverError) {
            try await context.runtime.sleep(for: .milliseconds(1))
            try shelf.write(write)
          } catch {}
        }
        return Receipt(.stored)
      }
    },
    Breakage("An outage is answered with absence", .acknowledged, others: nil) { shelf in
      let calls = Counter()
      shelf.onGet = { shelf, key, _ throws(DriverError) in
        calls.add(1)
        return calls.value.isMultiple(of: 7) ? nil : shelf[key]
      }
    },
    Breakage("An absence is an error", .absence, others: nil) { shelf in
      shelf.onGet = { shelf, key, _ throws(DriverError) in
        if let record = shelf[key] { return record }
        throw DriverError(.unavailable, "not found", effect: .unchanged)
      }
    },
    Breakage("A value that does not fit leaves half of itself", .oversized, others: [.payloads]) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard write.record.bytes.count > 500_000 else { return try shelf.write(write) }
        shelf[write.key] = Record(Array(write.record.bytes.prefix(500_000)))
        throw DriverError(.noSpace, "the shelf is full")
      }
    },
    Breakage("A value that does not fit is an outage", .oversized, .payloads) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard write.record.bytes.count > 500_000 else { return try shelf.write(write) }
        throw DriverError(.unavailable, "the shelf is full", effect: .unchanged)
      }
    },
    Breakage("Nothing of more than 100 bytes fits", .payloads, others: nil) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard write.record.bytes.count > 100 else { return try shelf.write(write) }
        throw DriverError(.tooLarge, "a shelf takes 100 bytes")
      }
    },
    Breakage("A put says that something was deleted", .payloads, others: nil) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        try shelf.write(write)
        return Receipt(.deleted)
      }
    },
  ]

  static let names: [Breakage] = [
    Breakage("Names are folded to lower case", .ids, others: [.urls, .listing, .listingPrefixes]) { shelf in
      shelf.storedName = { Array("\($0.kind)/\($0.name.lowercased())".utf8) }
    },
    Breakage("Two spellings of an accent are one", .ids, others: [.urls, .listing, .listingPrefixes]) { shelf in
      shelf.storedName = { key in
        // Characters that are canonically equivalent are equal.
        let name = key.name.map { $0 == "\u{e9}" ? "\u{e9}" : $0 }
        return Array("\(key.kind)/\(String(name))".utf8)
      }
    },
    Breakage("A name ends at its first NUL", .ids) { shelf in
      shelf.storedName = { Array("\($0.kind)/".utf8) + $0.name.utf8.prefix { $0 != 0 } }
    },
    Breakage("Slashes are collapsed, as in paths", .ids, others: [.listing, .listingPrefixes]) { shelf in
      shelf.storedName = { key in
        Array("\(key.kind)/".utf8) + key.name.utf8.split(separator: UInt8(ascii: "/")).joined(separator: [47])
      }
    },
    Breakage("A percent sign is escaped by nobody", .ids) { shelf in
      shelf.storedName = { Array("\($0.kind)/\($0.name)".replacing("%2F", with: "/").utf8) }
    },
    Breakage("White space at the ends is trimmed", .ids) { shelf in
      shelf.storedName = { Array("\($0.kind)/\($0.name.drop { $0 == " " })".utf8) }
    },
    Breakage("Names of more than 255 bytes are cut", .longIDs, others: [.predicates]) { shelf in
      shelf.storedName = { Array("\($0.kind)/\($0.name)".utf8.prefix(255)) }
    },
    Breakage("A name that is too long is an outage", .longIDs) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard write.key.name.utf8.count > 1_000 else { return try shelf.write(write) }
        throw DriverError(.unavailable, "the name is too long", effect: .unchanged)
      }
    },
    Breakage("The kinds share their names", .kinds, others: [.listingKinds, .capabilities, .deletes]) { shelf in
      shelf.storedName = { Array($0.name.utf8) }
    },
    Breakage("The immutable keys are a folder of the mutable ones", .kinds) { shelf in
      shelf.storedName = { Array(($0.kind == .mutable ? $0.name : "immutable/\($0.name)").utf8) }
    },
  ]

  static let deletes: [Breakage] = [
    Breakage("A delete does nothing, and says deleted", .deletes, .deletesOfAbsent, .putsAfterDeletes, others: nil) {
      shelf in
      shelf.onDelete = { _, _, _ throws(DriverError) in Receipt(.deleted) }
    },
    Breakage("A delete of what is absent fails", .deletesOfAbsent, others: [.secrets, .errors]) { shelf in
      shelf.onDelete = { shelf, key, _ throws(DriverError) in
        if shelf[key] == nil { throw DriverError(.unavailable, "nothing to delete", effect: .unchanged) }
        return shelf.remove(key)
      }
    },
    Breakage("A delete of what is absent says deleted", .deletesOfAbsent) { shelf in
      shelf.onDelete = { shelf, key, _ throws(DriverError) in
        _ = shelf.remove(key)
        return Receipt(.deleted)
      }
    },
    Breakage("A delete of what is there says already absent", .deletes) { shelf in
      shelf.onDelete = { shelf, key, _ throws(DriverError) in
        _ = shelf.remove(key)
        return Receipt(.alreadyAbsent)
      }
    },
    Breakage("A delete empties the store", .deletes, others: nil) { shelf in
      shelf.onDelete = { shelf, key, _ throws(DriverError) in
        let receipt = shelf.remove(key)
        shelf.removeAll()
        return receipt
      }
    },
    Breakage("A deleted key takes no value any more", .putsAfterDeletes, others: [.createOnly]) { shelf in
      let deleted = Box<Set<Key>>([])
      shelf.onDelete = { shelf, key, _ throws(DriverError) in
        deleted.value.insert(key)
        return shelf.remove(key)
      }
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        deleted.value.contains(write.key) ? Receipt(.stored) : try shelf.write(write)
      }
    },
    Breakage("A URL leads to what was deleted", .deletes, .urls) { shelf in
      let published = Box<[Key: Record]>([:])
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        let receipt = try shelf.write(write)
        published.value[write.key] = shelf[write.key]
        return receipt
      }
      shelf.onGetURL = { _, urls, _ throws(DriverError) in
        let keys = urls.compactMap { try? Cursor($0.string.dropFirst("shelf:".utf8.count)).key }
        guard !keys.isEmpty else { throw DriverError(.unroutable, "none of these URLs is of this shelf") }
        return keys.lazy.compactMap { published.value[$0] }.first
      }
    },
  ]
}
