import Foundation
import MetaDriver
import MetaDriverDisk

/// What two devices do: the same words on every machine, although who wins when both write at once is chance.
enum Tour {
  private static let churn = 150

  static func run() async throws {
    let folder = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appending(
      path: "two-devices-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func phone(_ words: String...) -> Child { Child(["phone", "25", folder.path] + words) }
    func tablet(_ words: String...) -> Child { Child(["tablet", "172800", folder.path] + words) }
    func laptop(_ words: String...) -> Child { Child(["laptop", "-25", folder.path] + words) }

    caption("A phone whose clock is 25 s ahead writes, then a laptop whose clock is 25 s behind")
    print("phone:  \(try await phone("put", "note 1", "from the phone").output())")
    print("laptop: \(try await laptop("put", "note 1", "from the laptop").output())")
    print("both see the later one: \(try await first(laptop("show"))), \(try await first(phone("show")))")

    caption("A tablet whose clock is two days ahead writes, then the laptop")
    print("tablet: \(try await tablet("put", "note 1", "from the tablet").output())")
    print("laptop: \(try await laptop("put", "note 1", "from the laptop again").output())")
    print("both see the later one: \(try await first(tablet("show"))), \(try await first(phone("show")))")

    caption("Both write and delete the same \(Device.ids.count) notes at the same time, \(churn) times each")
    let running = [phone("churn", "\(churn)"), laptop("churn", "\(churn)")].map { child in
      Task { try await child.output() }
    }
    for task in running { _ = try await task.value }
    let (seen, other) = (try await phone("show").output(), try await laptop("show").output())
    let lines = (seen.split(separator: "\n"), other.split(separator: "\n"))
    print("the devices agree on \(zip(lines.0, lines.1).count { $0 == $1 }) of \(Device.ids.count) notes")

    caption("And so do the stores, byte for byte")
    let stores = Device.stores.map { DiskDriver(at: "\(folder.path)/\($0)", name: $0) }
    for (store, name) in zip(stores, Device.stores) {
      var same = 0
      for id in Device.ids {
        let key = Key.mutable(try DataID(id))
        if try await store.get(key) == stores[0].get(key) { same += 1 }
      }
      print("\(name): \(same) of \(Device.ids.count) as in \(Device.stores[0])")
    }
  }

  private static func first(_ child: Child) async throws -> String {
    "\(try await child.output().split(separator: "\n").first ?? "nothing")"
  }

  private static func caption(_ text: String) { print("\n# \(text)\n") }
}
