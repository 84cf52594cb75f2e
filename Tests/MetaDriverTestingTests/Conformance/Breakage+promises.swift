import MetaDriver
import MetaDriverTesting
import TestSupport

/// An error of a library, which shows what it was given.
private struct LibraryError: Error { let token: String }

extension Breakage {
  static let promises: [Breakage] = [
    Breakage("list is declared, and not there", .capabilities, others: nil) { shelf in
      shelf.onList = { _, _, _ throws(DriverError) in throw DriverError(.unsupported, "no list") }
    },
    Breakage("Conditional puts are declared, and not there", .capabilities, others: nil) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if write.condition != nil { throw DriverError(.unsupported, "no conditions") }
        return try shelf.write(write)
      }
    },
    Breakage("delete works, and is not declared", .capabilities) { $0.capabilities.remove(.delete) },
    Breakage("stat works, and is not declared", .capabilities) { $0.capabilities.remove(.stat) },
    Breakage("put writes before it says that it cannot", .capabilities) { shelf in
      shelf.capabilities.subtract([.put, .delete, .compareAndPut])
      shelf.onDelete = { _, _, _ throws(DriverError) in throw DriverError(.unsupported, "no delete") }
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if write.condition == nil { try shelf.write(write) }
        throw DriverError(.unsupported, "no put")
      }
    },
    Breakage("put that is not declared is an outage", .capabilities, others: nil) { shelf in
      shelf.capabilities.subtract([.put, .compareAndPut])
      shelf.onPut = { _, _, _ throws(DriverError) in throw DriverError(.unavailable, "no put", effect: .unchanged) }
    },
    Breakage("URLs are made, and not declared", .capabilities) { shelf in
      shelf.capabilities.subtract([.makeURL, .getURL])
      shelf.onGetURL = { _, _, _ throws(DriverError) in throw DriverError(.unsupported, "no URLs") }
    },
    Breakage("URLs are declared, and not made", .capabilities, .urls) { $0.makeURL = { _ in nil } },
    Breakage("URLs are not claimed by their maker", .urls, .predicates) { $0.onHandles = { _ in false } },
    Breakage("Every URL is claimed", .predicates) { $0.onHandles = { _ in true } },
    Breakage(
      "A URL is another one at each look", .predicates, .urls, others: [.capabilities, .deletes, .useAfterClose]
    ) { shelf in
      let count = Counter()
      shelf.makeURL = { key in
        count.add(1)
        return try? StorageURL("shelf:\(count.value)")
      }
    },
    Breakage("All keys have one URL", .urls, others: [.deletes]) { shelf in
      shelf.makeURL = { _ in try? StorageURL("shelf:\(Cursor(after: "addressed"))") }
    },
    Breakage("A URL leads to another key", .urls) { shelf in
      shelf.onGetURL = { shelf, urls, _ throws(DriverError) in
        let keys = urls.compactMap { try? Cursor($0.string.dropFirst("shelf:".utf8.count)).key }
        guard let key = keys.first else { throw DriverError(.unroutable, "none of these URLs is of this shelf") }
        return shelf[key] == nil ? nil : shelf["addressed"]
      }
    },
    Breakage("Only the first URL is asked", .urls) { shelf in
      let sound = shelf.onGetURL
      shelf.onGetURL = { shelf, urls, context throws(DriverError) in
        try await sound(shelf, Array(urls.prefix(1)), context)
      }
    },
    Breakage("The leaf is another one at each look", .outline) { $0.makeLeaf = { Leaf("shelf", identity: "shelf:1") } },
    Breakage("The outline is another one at each look", .outline) { shelf in
      shelf.makeLeaf = { Leaf("shelf") }
    },
    Breakage("It says that it verifies, and does not", .verification) { $0.marks.insert(.verifying) },
    Breakage("An error shows the credential", .secrets) { shelf in
      shelf.onPut = { shelf, write, context throws(DriverError) in
        do throws(DriverError) { return try shelf.write(write) } catch {
          throw DriverError(error.code, "refused for \(context.credentials["shelf"]?.value ?? "")")
        }
      }
    },
    Breakage("The library's error shows the credential", .secrets, .deletesOfAbsent, others: nil) { shelf in
      shelf.onDelete = { shelf, key, context throws(DriverError) in
        if shelf[key] != nil { return shelf.remove(key) }
        let secret = context.credentials["shelf"]?.value ?? ""
        throw DriverError(.unavailable, "not found", underlying: LibraryError(token: secret), effect: .unchanged)
      }
    },
    Breakage(
      "A conflict leaves the effect open", .errors, .createOnly, .compareAndPut, .createRaces, others: [.repeatedPuts]
    ) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        do throws(DriverError) { return try shelf.write(write) } catch {
          throw DriverError(error.code, error.message, effect: write.condition == nil ? .unchanged : .unknown)
        }
      }
    },
    Breakage("A failure says nothing", .errors) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        do throws(DriverError) { return try shelf.write(write) } catch { throw DriverError(error.code, "") }
      }
    },
  ]

  static let conditions: [Breakage] = [
    Breakage("Check and write are two steps", .counting, .createRaces, others: [.compareAndPut, .repeatedPuts]) {
      shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard let condition = write.condition else { return try shelf.write(write) }
        guard condition.holds(for: shelf[write.key]) else { throw DriverError(.conflict, "it changed") }
        await Task.yield()
        return try shelf.write(ShelfDriver.Write(record: write.record, key: write.key))
      }
    },
    Breakage(
      "Check and write are two steps, a millisecond apart", .counting, .createRaces,
      others: [.compareAndPut, .repeatedPuts]
    ) { shelf in
      shelf.onPut = { shelf, write, context throws(DriverError) in
        guard let condition = write.condition else { return try shelf.write(write) }
        guard condition.holds(for: shelf[write.key]) else { throw DriverError(.conflict, "it changed") }
        try await context.runtime.sleep(for: .milliseconds(1))
        return try shelf.write(ShelfDriver.Write(record: write.record, key: write.key))
      }
    },
    Breakage("A conditional put that is repeated conflicts with itself", .repeatedPuts) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if let condition = write.condition, !condition.holds(for: shelf[write.key]) {
          throw DriverError(.conflict, "it changed")
        }
        return try shelf.write(write)
      }
    },
    Breakage(
      "The same bytes are taken for the same put, with a stamp or without", .repeatedPuts,
      others: [.counting, .compareAndPut]
    ) {
      shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if write.condition != nil, let stored = shelf[write.key], stored.bytes == write.record.bytes {
          return Receipt(.stored, stamp: stored.stamp)
        }
        return try shelf.write(write)
      }
    },
    Breakage("A conditional delete does not look", .compareAndDelete, others: [.capabilities]) { shelf in
      shelf.onConditionalDelete = { shelf, request, _ throws(DriverError) in shelf.remove(request.key) }
    },
    Breakage("A conditional delete takes any tombstone and anything newer for a match", .compareAndDelete) { shelf in
      shelf.onConditionalDelete = { shelf, request, _ throws(DriverError) in
        guard case .unchanged(let expected) = request.condition, expected.isTombstone else {
          return try shelf.remove(request.key, if: request.condition)
        }
        return shelf.remove(request.key)
      }
    },
    Breakage("A conditional delete says that it deleted, and did not", .compareAndDelete) { shelf in
      shelf.onConditionalDelete = { shelf, request, _ throws(DriverError) in
        try request.condition.check(shelf[request.key], at: request.key)
        return Receipt(.deleted)
      }
    },
    Breakage("Create-only brings back what a newer tombstone deleted", .compareAndPut) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard write.condition == .absent, let stored = shelf[write.key], stored.isTombstone else {
          return try shelf.write(write)
        }
        shelf[write.key] = write.record
        return Receipt(.stored, stamp: write.record.stamp)
      }
    },
    ignoring("Create-only overwrites", .createOnly, .createRaces, others: [.counting, .compareAndPut, .repeatedPuts]) {
      $0 == .absent
    },
    ignoring("A match is not asked for", .compareAndPut, others: [.counting, .repeatedPuts]) { $0 != .absent },
    Breakage("Create-only does not take a tombstone for absence", .createOnly, others: [.repeatedPuts]) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if write.condition == .absent, shelf[write.key] != nil { throw DriverError(.conflict, "something is there") }
        return try shelf.write(write)
      }
    },
    Breakage("Create-only takes an empty value for absence", .createOnly) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        if write.condition == .absent, shelf[write.key]?.bytes.isEmpty == true, shelf[write.key]?.stamp == nil {
          return try shelf.write(ShelfDriver.Write(record: write.record, key: write.key))
        }
        return try shelf.write(write)
      }
    },
    Breakage("A match compares sizes", .compareAndPut, others: [.counting]) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard case .unchanged(let expected) = write.condition else { return try shelf.write(write) }
        guard let stored = shelf[write.key], stored.bytes.count == expected.bytes.count, stored.stamp == expected.stamp
        else { throw DriverError(.conflict, "another size") }
        return try shelf.write(ShelfDriver.Write(record: write.record, key: write.key))
      }
    },
    Breakage("A match does not compare stamps", .compareAndPut) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard case .unchanged(let expected) = write.condition else { return try shelf.write(write) }
        guard shelf[write.key]?.bytes == expected.bytes else { throw DriverError(.conflict, "other bytes") }
        return try shelf.write(ShelfDriver.Write(record: write.record, key: write.key))
      }
    },
    Breakage(
      "A conflict is thrown after the write", .createOnly, .compareAndPut,
      others: [.createRaces, .counting, .repeatedPuts]
    ) {
      shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard let condition = write.condition, !condition.holds(for: shelf[write.key]) else {
          return try shelf.write(write)
        }
        shelf[write.key] = write.record
        throw DriverError(.conflict, "it changed")
      }
    },
    Breakage(
      "A conflict is an outage", .createOnly, .compareAndPut, .createRaces, others: [.counting, .repeatedPuts]
    ) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        do throws(DriverError) { return try shelf.write(write) } catch {
          throw DriverError(write.condition == nil ? .conflict : .unavailable, error.message, effect: .unchanged)
        }
      }
    },
  ]

  /// A driver that does not look at some conditions.
  private static func ignoring(
    _ description: String, _ cases: Conformance.Case..., others: [Conformance.Case],
    condition isIgnored: @escaping @Sendable (Precondition) -> Bool
  ) -> Breakage {
    Breakage(description, cases: Set(cases), others: Set(others)) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        var write = write
        if let condition = write.condition, isIgnored(condition) { write.condition = nil }
        return try shelf.write(write)
      }
    }
  }
}
