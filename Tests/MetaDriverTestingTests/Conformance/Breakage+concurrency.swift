import MetaDriver
import MetaDriverTesting
import TestSupport

extension Breakage {
  static let concurrency: [Breakage] = [
    Breakage(
      "A put is torn under a reader and under another writer", .concurrentReaders, .concurrentWriters,
      others: [.cancelledPuts], ordering: .none
    ) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard write.condition == nil, !write.record.isTombstone else { return try shelf.write(write) }
        let (bytes, half) = (write.record.bytes, write.record.bytes.count / 2)
        var record = write.record
        record.bytes = Array(bytes[..<half]) + (shelf[write.key]?.bytes ?? []).dropFirst(half)
        shelf[write.key] = record
        await Task.yield()
        record.bytes = Array((shelf[write.key]?.bytes ?? []).prefix(half)) + bytes[half...]
        shelf[write.key] = record
        return Receipt(.stored, stamp: record.stamp)
      }
    },
    Breakage("A put removes the old value first", .concurrentReaders, others: [.counting, .concurrentWriters]) {
      shelf in
      shelf.onPut = { shelf, write, context throws(DriverError) in
        guard write.condition == nil, write.record.stamp == nil, shelf[write.key]?.stamp == nil else {
          return try shelf.write(write)
        }
        shelf[write.key] = nil
        try? await context.runtime.sleep(for: .milliseconds(1))
        shelf[write.key] = write.record
        return Receipt(.stored)
      }
    },
    Breakage("All writers share one buffer", .concurrentKeys, others: [.concurrentReaders, .createRaces]) { shelf in
      let buffer = Box<ShelfDriver.Write?>(nil)
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        buffer.value = write
        await Task.yield()
        var write = write
        write.record.bytes = buffer.value?.record.bytes ?? []
        return try shelf.write(write)
      }
    },
    Breakage("A cancelled put says stored, and is not", .cancelledPuts) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        await Task.yield()
        return Task.isCancelled ? Receipt(.stored) : try shelf.write(write)
      }
    },
    Breakage("A cancelled put is made, and says unchanged", .cancelledPuts) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        let receipt = try shelf.write(write)
        await Task.yield()
        if Task.isCancelled { throw DriverError(.cancelled, "cancelled", effect: .unchanged) }
        return receipt
      }
    },
    Breakage("A cancelled put leaves half of the value", .cancelledPuts) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        guard write.condition == nil, write.record.stamp == nil, shelf[write.key]?.stamp == nil else {
          return try shelf.write(write)
        }
        if Task.isCancelled {
          shelf[write.key] = Record(Array(write.record.bytes.prefix(7)))
          throw DriverError(.cancelled, "cancelled")
        }
        return try shelf.write(write)
      }
    },
    Breakage("A put never answers once it was cancelled", .cancelledPuts) { shelf in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        await Task.yield()
        if Task.isCancelled { try? await Gate().wait(ignoringCancellation: true) }
        return try shelf.write(write)
      }
    },
    Breakage("A cancelled get says absent", .cancelledGets) { shelf in
      shelf.onGet = { shelf, key, _ throws(DriverError) in
        await Task.yield()
        return Task.isCancelled ? nil : shelf[key]
      }
    },
    Breakage("A failed writer keeps the lock of the key", .createOnly, .compareAndPut, .createRaces, others: nil) {
      shelf in
      let locked = Box<Set<Key>>([])
      shelf.onPut = { shelf, write, context throws(DriverError) in
        while locked.value.contains(write.key) { try await context.runtime.sleep(for: .milliseconds(100)) }
        locked.value.insert(write.key)
        let receipt = try shelf.write(write)
        locked.value.remove(write.key)
        return receipt
      }
    },
    Breakage("get never answers, and ignores cancellation", .capabilities, .errors, .secrets) { shelf in
      let gate = Gate()
      shelf.onGet = { _, _, _ throws(DriverError) in
        try? await gate.wait(ignoringCancellation: true)
        return nil
      }
    },
    Breakage("open never answers", .openingTwice, others: [.errors, .secrets]) { shelf in
      let gate = Gate()
      shelf.onOpen = { _, _, _ throws(DriverError) in
        try? await gate.wait(ignoringCancellation: true)
        return Receipt(.opened)
      }
    },
  ]

  static let life: [Breakage] = [
    Breakage("A second open empties the store", .openingTwice) { shelf in
      let isOpen = Box(false)
      shelf.onOpen = { shelf, _, _ throws(DriverError) in
        if isOpen.value { shelf.removeAll() }
        isOpen.value = true
        return Receipt(.opened)
      }
    },
    Breakage("A second open fails", .openingTwice) { shelf in
      let isOpen = Box(false)
      shelf.onOpen = { _, _, _ throws(DriverError) in
        if isOpen.value { throw DriverError(.unavailable, "it is open already", effect: .unchanged) }
        isOpen.value = true
        return Receipt(.opened)
      }
    },
    Breakage("Nothing works before open", .absence, .payloads, others: nil) { shelf in
      let isOpen = Box(false)
      shelf.onOpen = { _, _, _ throws(DriverError) in
        isOpen.value = true
        return Receipt(.opened)
      }
      shelf.onGet = { shelf, key, _ throws(DriverError) in
        if !isOpen.value { throw DriverError(.closed, "open it first") }
        return shelf[key]
      }
    },
    Breakage("A second close fails", .closingTwice) { shelf in
      let isClosed = Box(false)
      shelf.onClose = { _, _, _ throws(DriverError) in
        if isClosed.value { throw DriverError(.closed, "it is closed already") }
        isClosed.value = true
      }
    },
    closing("After close, a get is an outage", .useAfterClose) { shelf, isClosed in
      shelf.onGet = { shelf, key, _ throws(DriverError) in
        if isClosed.value { throw DriverError(.unavailable, "the connection is gone", effect: .unchanged) }
        return shelf[key]
      }
    },
    closing("After close, everything is absent", .useAfterClose) { shelf, isClosed in
      shelf.onGet = { shelf, key, _ throws(DriverError) in isClosed.value ? nil : shelf[key] }
    },
    closing("After close, a put says stored, and is not", .useAfterClose) { shelf, isClosed in
      shelf.onPut = { shelf, write, _ throws(DriverError) in
        isClosed.value ? Receipt(.stored) : try shelf.write(write)
      }
    },
    closing("After close, a delete says that it is not supported", .useAfterClose) { shelf, isClosed in
      shelf.onDelete = { shelf, key, _ throws(DriverError) in
        if isClosed.value { throw DriverError(.unsupported, "no delete") }
        return shelf.remove(key)
      }
    },
    Breakage("What was written is lost at close", .reopening, .useAfterClose) { shelf in
      shelf.onClose = { shelf, _, _ throws(DriverError) in shelf.removeAll() }
    },
    Breakage("A delete is forgotten at close", .reopening) { shelf in
      let deleted = Box<[Key: Record]>([:])
      shelf.onDelete = { shelf, key, _ throws(DriverError) in
        deleted.value[key] = shelf[key]
        return shelf.remove(key)
      }
      shelf.onClose = { shelf, _, _ throws(DriverError) in for (key, record) in deleted.value { shelf[key] = record } }
    },
  ]

  /// A driver that misbehaves once it was closed, until it is made again.
  private static func closing(
    _ description: String, _ cases: Conformance.Case...,
    damage: @escaping @Sendable (inout ShelfDriver, Box<Bool>) -> Void
  ) -> Breakage {
    Breakage(description, cases: Set(cases), others: [.reopening]) { shelf in
      let isClosed = Box(false)
      shelf.onClose = { _, _, _ throws(DriverError) in isClosed.value = true }
      damage(&shelf, isClosed)
    }
  }
}
