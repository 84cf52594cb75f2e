#if HTTP
  internal import Foundation
  import MetaDriver
  import MetaDriverHTTP

  /// Records under keys.
  extension EtcdStore {
    /// How many bytes of JSON a reply may have that holds one datum of so many bytes: base64 makes three of them four.
    static func replyByteLimit(_ byteCount: Int) -> Int {
      (byteCount + Record.envelopeByteCount + 2 * DataID.maximumByteCount) / 3 * 4 + 64 << 10
    }

    /// Reads a key.
    func read(
      _ key: Key, at name: [UInt8], byteLimit: Int, in context: Context
    ) async throws(DriverError) -> EtcdWrite.Found? {
      let reply = try await ask("get of \(key)", EtcdRange(name), byteLimit: byteLimit, in: context)
      return try found(reply.kvs, key, at: name, effect: .unchanged)
    }

    /// Carries out a write.
    func write(
      _ record: Record?, at key: Key, named name: [UInt8], if condition: Precondition?, byteLimit: Int,
      in context: Context
    ) async throws(DriverError) -> Receipt {
      var write = EtcdWrite(record, at: key, if: condition)
      let value = record?.encoded(for: key)
      let end = end(of: context)
      var step = write.first
      while true {
        do throws(DriverError) {
          switch step {
          case .done(let receipt): return receipt
          case .look: step = try write.saw(await read(key, at: name, byteLimit: byteLimit, in: context))
          case .lookLater(let attempt):
            let pause = context.runtime.withRandom { Int.random(in: 0...min(50, attempt), using: &$0) }
            try await context.runtime.sleep(for: .milliseconds(pause))
            step = .look
          case .change(let revision):
            let change = EtcdChange(name, to: value, ifRevision: revision)
            let operation = "\(record == nil ? "delete" : "put") of \(key)"
            let reply = try await ask(operation, change, byteLimit: byteLimit, in: context)
            if reply.succeeded == true { return write.succeeded() }
            guard let range = reply.responses?.first?.response_range else {
              throw DriverError(
                .unavailable, "\(operation): etcd does not say what is stored instead", effect: .unchanged)
            }
            step = try write.refused(try found(range.kvs, key, at: name, effect: .unchanged))
          }
        } catch {
          guard case .change = step, error.effect == .unknown else { throw write.failure(error) }
          step = write.lost(error)
          // After the first loss another endpoint is asked at once what became of it.
          if write.losses > 1 { try await rest(after: write, because: error, until: end, in: context) }
        }
      }
    }

    /// Waits before a write goes on whose reply was lost again.
    ///
    /// - Throws: Why the reply was lost when no time is left, and `cancelled`; with the effect `unknown` both.
    private func rest(
      after write: EtcdWrite, because loss: DriverError, until end: Duration, in context: Context
    ) async throws(DriverError) {
      do throws(DriverError) {
        if try await pause(after: write.losses - 1, until: end, in: context) { return }
      } catch { throw write.failure(error) }
      throw loss
    }

    private func found(
      _ pairs: [EtcdPair]?, _ key: Key, at name: [UInt8], effect: DriverError.Effect
    ) throws(DriverError) -> EtcdWrite.Found? {
      guard let pair = pairs?.first else { return nil }
      guard pairs?.count == 1, pair.key.elementsEqual(name) else {
        throw DriverError(.unavailable, "etcd was asked for \(key), and answered for another key", effect: effect)
      }
      let revision = pair.mod_revision.value
      let bytes = [UInt8](pair.value ?? Data())
      do throws(DriverError) {
        var record = try Record(decoding: bytes, for: key)
        record.facts = StoreFacts(revision: revision)
        return EtcdWrite.Found(record: .success(record), revision: revision)
      } catch {
        return EtcdWrite.Found(record: .failure(error), revision: revision)
      }
    }

    /// How many keys are asked for at once: each comes with its value, because etcd tells the size of none.
    private static let chunk = 256
    private static let chunkByteLimit = 64 << 20

    /// Lists a page.
    func list(
      _ request: ListRequest, in keyspace: EtcdKeyspace, context: Context
    ) async throws(DriverError) -> Page {
      var (start, end) = keyspace.range(of: request)
      var entries: [Page.Entry] = []
      var chunk = Self.chunk
      while true {
        let count = min(chunk, request.limit - entries.count)
        let reply: EtcdRangeReply
        do throws(DriverError) {
          reply = try await ask(
            "list", EtcdRange(start, upTo: end, limit: count), byteLimit: Self.chunkByteLimit, in: context)
        } catch {
          guard error.code == .tooLarge, chunk > 1 else { throw error }
          chunk /= 2
          continue
        }
        for pair in reply.kvs ?? [] {
          let name = [UInt8](pair.key)
          guard !name.lexicographicallyPrecedes(start), name.lexicographicallyPrecedes(end) else {
            throw DriverError(.unavailable, "list: etcd answered with a key that was not asked for, or out of order")
          }
          start = name + [0]
          guard let key = keyspace.datum(at: name, request.kind) else { continue }
          entries.append(Page.Entry(key, stat(of: pair, key)))
        }
        guard reply.more == true else { return Page(entries, next: nil) }
        guard reply.kvs?.isEmpty == false else {
          throw DriverError(.unavailable, "list: etcd says that there is more, and does not say what")
        }
        if entries.count >= request.limit { return Page(entries, next: entries.last.map { Cursor(after: $0.key) }) }
      }
    }

    /// A damaged copy is listed too, with the bytes it takes: reading it says what is wrong.
    private func stat(of pair: EtcdPair, _ key: Key) -> Stat {
      let value = pair.value ?? Data()
      let head = [UInt8](value.prefix(Record.envelopeByteCount))
      return (try? Record.stat(decoding: head, storedByteCount: value.count, for: key)) ?? Stat(byteCount: value.count)
    }
  }
#endif
