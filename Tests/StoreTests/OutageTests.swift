#if HTTP && SQLite
  import Foundation
  import MetaDriver
  import ServerSupport
  import Testing

  /// Trees over real stores, whose servers are killed and started again while they are used.
  @Suite(
    .serialized, .timeLimit(.minutes(10)),
    .enabled(
      if: Server.isThere("rclone-s3") && Server.isThere("nginx") && Server.isThere("swift"),
      "needs nginx, rclone-s3 and swift: Tests/run starts them"))
  struct OutageTests {
    /// One key, of which every value is a larger number than the one before.
    private struct Cell {
      let key: DataID
      /// The last value whose put was acknowledged, and the last that was tried.
      var acknowledged = 0, tried = 0
    }

    // A9, A24, A38, R5, R20
    @Test("Servers are killed during 1,000 puts: no acknowledged write is lost, no read is stale, the receipts say who")
    func killedServers() async throws {
      let (s3, webdav) = (try Server.start("rclone-s3@killed"), try Server.start("nginx@killed"))
      defer { for server in [s3, webdav] { try? server.stop() } }
      let stores = try Stores()
      func tree() throws -> Strategy {
        try Strategy("profiles") {
          ReadYourWrites {
            Quorum(read: 2, write: 2, remainder: .await) {
              stores.sqlite()
              stores.s3(s3).timeout(.seconds(600))
              stores.webdav(webdav).timeout(.seconds(600))
            }
          }
        }
      }
      let profiles = try tree()
      var cells = try (0..<20).map { Cell(key: try DataID("user \($0)")) }
      var failures: [String: Int] = [:]
      var (unacknowledged, unread) = (0, 0)
      for turn in 1...1_000 {
        switch turn {
        case 100, 600: try s3.kill()
        case 300, 700: try s3.start()
        case 400, 650: try webdav.kill()
        case 550, 800: try webdav.start()
        default: break
        }
        let index = turn % cells.count
        let key = cells[index].key
        cells[index].tried = turn
        do throws(DriverError) {
          let receipt = try await profiles.put(Array("\(turn)".utf8), at: key)
          cells[index].acknowledged = turn
          for outcome in receipt.children where outcome.result.error != nil { failures[outcome.node, default: 0] += 1 }
        } catch {
          // Two of three are dead.
          #expect(error.code == .quorumNotMet, "\(turn): \(error)")
          unacknowledged += 1
        }
        let other = cells[(turn * 7) % cells.count]
        do throws(DriverError) {
          let read = try await profiles.get(other.key)
          check(read, other, at: turn)
        } catch {
          #expect(error.code == .quorumNotMet, "\(turn): \(error)")
          unread += 1
        }
      }
      // Only while both servers were dead, which was from 650 to 700.
      #expect(unacknowledged <= 50 && unread <= 50, "\(unacknowledged) puts and \(unread) gets failed")
      #expect(unacknowledged > 0)
      #expect(failures["s3", default: 0] >= 200 && failures["webdav", default: 0] >= 150, "\(failures)")
      #expect(failures["sqlite"] == nil)
      try await profiles.close()

      // Another process would see the same: nothing is left of the session.
      let later = try tree()
      for cell in cells { check(try await later.get(cell.key), cell, at: 1_001) }
      try await later.close()
    }

    private func check(_ record: Record?, _ cell: Cell, at turn: Int) {
      let value = record.flatMap { Int(String(decoding: $0.bytes, as: UTF8.self)) }
      guard cell.tried > 0 else { return #expect(value == nil) }
      guard let value else { return #expect(cell.acknowledged == 0, "\(turn): \(cell.key) is lost") }
      #expect(value >= cell.acknowledged && value <= cell.tried, "\(turn): \(cell.key) is \(value), \(cell)")
    }

    // A24
    @Test("One of three storage nodes of an object store is killed: puts and gets go on")
    func storageNode() async throws {
      let server = try Server.start("swift@node")
      defer { try? server.stop() }
      let s3 = try Stores().s3(server)
      for number in 0..<20 { try await s3.put([UInt8(number)], at: .mutable(try DataID("before \(number)"))) }
      try server.part("node-2").kill()
      for number in 0..<20 {
        #expect(try await s3.get(.mutable(try DataID("before \(number)")))?.bytes == [UInt8(number)])
        try await s3.put([UInt8(number)], at: .mutable(try DataID("during \(number)")))
        #expect(try await s3.get(.mutable(try DataID("during \(number)")))?.bytes == [UInt8(number)])
      }
      try server.part("node-2").start()
      for number in 0..<20 {
        #expect(try await s3.get(.mutable(try DataID("during \(number)")))?.bytes == [UInt8(number)])
      }
    }
  }
#endif
