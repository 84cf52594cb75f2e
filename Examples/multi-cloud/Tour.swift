#if HTTP && SQLite
  import Foundation
  import MetaDriver
  import MetaDriverSQLite

  /// One user's data in an SQLite file, an S3 bucket and a WebDAV folder, while the clouds come and go.
  struct Tour {
    private let settings: Settings
    private let folder: URL
    private let journal: HandoffJournal
    private let profiles: Strategy

    init(_ settings: Settings) throws {
      self.settings = settings
      folder = FileManager.default.temporaryDirectory.appending(path: "multi-cloud-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      // What a store misses waits in a file, so that it is sent even if this process dies first.
      let journal = HandoffJournal(on: SQLiteDriver(at: folder.appending(path: "journal.sqlite").path, name: "journal"))
      let phone = SQLiteDriver(at: folder.appending(path: "phone.sqlite").path, name: "phone")
      // Only this client reads them: another would have another phone, whose copies do not count for this one's.
      profiles = try Strategy("profiles", visibility: .privateData) {
        ReadYourWrites {
          Quorum(read: 2, write: 2, remainder: .handoff(journal)) {
            phone.localOnly()
            settings.s3.timeout(.seconds(5))
            settings.webdav.timeout(.seconds(5))
          }
        }
      }
      self.journal = journal
    }

    func run() async throws {
      defer { try? FileManager.default.removeItem(at: folder) }
      caption("One strategy over an SQLite file, an S3 bucket and a WebDAV folder")
      show(profiles)
      try await profiles.open()

      caption("Two of the three hold a write; the receipt waits for no more, and says so")
      show(try await profiles.put(Array("Alice, Lisbon".utf8), at: "alice/profile"))
      await profiles.drain()
      show(try await profiles.get("alice/profile"))
      if let servers = settings.servers { try await withOutages(servers) }

      caption("A delete is remembered by all three, so that no old copy brings the datum back")
      try await profiles.delete("alice/profile")
      await profiles.drain()
      try await compare()
      show(try await profiles.get("alice/profile"))
      try await profiles.close()
    }

    /// Stops the servers one after the other, and starts them again.
    private func withOutages(_ servers: (s3: LocalServer, webdav: LocalServer)) async throws {
      caption("The WebDAV server is stopped: the write holds, and what it missed is queued on disk")
      try servers.webdav.stop()
      try await profiles.put(Array("Alice, Porto".utf8), at: "alice/profile")
      await profiles.drain()
      for entry in try await journal.pending() { show("queued: \(entry.key) for \(entry.child)") }
      show(try await profiles.get("alice/profile"))

      caption("S3 is stopped too: one store is too few, and nobody is told a guess")
      try servers.s3.stop()
      do throws(DriverError) {
        try await profiles.put(Array("Bob, Oslo".utf8), at: "bob/profile")
      } catch { show(error) }
      do throws(DriverError) {
        show(try await profiles.get("alice/profile"))
      } catch { show(error) }

      caption("Both are back, the WebDAV folder with its old copy: the newest one wins")
      try servers.webdav.start()
      try servers.s3.start()
      show(try await profiles.get("alice/profile"))

      caption("What was queued is sent, and every store holds the same")
      _ = try await journal.drain()
      await profiles.drain()
      try await compare()
    }

    /// What each store holds, asked by itself.
    private func compare() async throws {
      let stores: [any Driver] = [settings.s3, settings.webdav]
      for store in stores {
        let copy = try await store.get("alice/profile")
        show("\(store.outline.label): \(copy.map(text) ?? "nothing stored")")
      }
    }

    private func caption(_ text: String) { print("\n# \(text)\n") }

    private func text(_ record: Record) -> String {
      record.isTombstone ? "deleted" : String(decoding: record.bytes, as: UTF8.self)
    }

    private func show(_ record: Record?) { print(record.map(text) ?? "nothing stored") }

    /// What something says of itself, without what differs from run to run.
    private func show(_ subject: some CustomStringConvertible) {
      print(subject.description.replacing(folder.path, with: "/data"))
    }

    private func show(_ error: DriverError) {
      show("\(error.code), effect \(error.effect): \(error.message)")
      for outcome in error.outcomes { show("  \(outcome)") }
    }
  }
#endif
