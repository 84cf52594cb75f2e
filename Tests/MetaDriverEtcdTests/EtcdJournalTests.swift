#if HTTP
  import MetaDriver
  import MetaDriverEtcd
  import ServerSupport
  import Testing

  /// What etcd is for: the small data that other nodes stand on.
  @Suite(.enabled(if: Server.isThere("etcd"), "needs etcd: Tests/run starts it"), .timeLimit(.minutes(10)))
  struct EtcdJournalTests {
    private func etcd(_ name: String) throws -> EtcdDriver {
      try Server("etcd").etcd(prefix: "\(name)-\(UInt64.random(in: 0...UInt64.max))/")
    }

    // R20
    @Test("A session whose journal is in etcd goes on in another process")
    func session() async throws {
      let (journal, store) = (try etcd("journal"), MemoryDriver("store"))
      let context = Context()
      let first = ReadYourWrites(journal: journal) { store }
      let receipt = try await context.put(Record([1]), at: "k", to: first)
      // The store loses what was acknowledged: the session knows better, in the next process too.
      let emptied = ReadYourWrites(journal: journal) { MemoryDriver("store") }
      let copy = try await context.get("k", from: emptied)
      #expect(copy?.bytes == [1])
      #expect(copy?.stamp == receipt.stamp)
    }

    @Test("A migration whose state is in etcd goes through all its phases")
    func migration() async throws {
      let (state, old, new) = (try etcd("migration"), MemoryDriver("old"), MemoryDriver("new"))
      let context = Context()
      func tree() -> Migrating {
        Migrating("to new", state: state) {
          old
        } to: {
          new
        }
      }
      _ = try await context.put(Record([1]), at: "a", to: tree())
      try await tree().migration.begin(in: context)
      try await tree().migration.copy(in: context)
      _ = try await context.put(Record([2]), at: "b", to: tree())
      try await tree().migration.verify(in: context)
      try await tree().migration.switchReads(in: context)
      try await tree().migration.retire(in: context)
      #expect(try await tree().migration.status(in: context).phase == .retired)
      for (key, bytes) in [("a" as Key, [1] as [UInt8]), ("b", [2])] {
        #expect(try await context.get(key, from: tree())?.bytes == bytes)
      }
    }

    @Test("The revision of a copy's last change grows with each, and is its fact")
    func revisions() async throws {
      let etcd = try etcd("facts")
      let context = Context()
      var last: UInt64 = 0
      for number in 0..<3 {
        _ = try await etcd.put(Record([UInt8(number)]), at: "k", in: context)
        let revision = try #require(try await etcd.get("k", in: context)?.facts?.revision)
        #expect(revision > last)
        last = revision
      }
    }

    @Test("A datum as large as the limit is stored, whatever its name")
    func largest() async throws {
      let etcd = try etcd("large")
      let context = Context()
      let record = Record([UInt8](repeating: 7, count: 1 << 20), stamp: context.runtime.nextStamp())
      let key = Key.mutable(try DataID(String(repeating: "é", count: 2_048)))
      _ = try await etcd.put(record, at: key, in: context)
      #expect(try await etcd.get(key, in: context) == record)
      #expect(try await etcd.list(ListRequest(), in: context).entries.map(\.stat.byteCount) == [1 << 20])
    }
  }
#endif
