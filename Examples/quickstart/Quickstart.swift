import MetaDriver
import MetaDriverDisk

/// A tour: one strategy over three stores, used while its stores are lost one after the other and come back.
@main struct Quickstart {
  static func main() async throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let tour = Tour(folder)

    tour.caption("A replication strategy is a tree of drivers")
    let profiles = try Strategy("profiles") {
      ReadYourWrites {
        Quorum(read: 2, write: 2, remainder: .await) {
          MemoryDriver("memory")
          DiskDriver(at: folder.path("eu"), name: "eu").timeout(.seconds(2))
          DiskDriver(at: folder.path("us"), name: "us").timeout(.seconds(2))
        }
      }
    }
    tour.show(profiles)

    tour.caption("A write says what became of it everywhere")
    tour.show(try await profiles.put(Array("Alice, Lisbon".utf8), at: "alice/profile"))

    tour.caption("The store \"eu\" is lost: two of three are enough, and the receipt is honest")
    try folder.unplug("eu")
    tour.show(try await profiles.put(Array("Alice, Porto".utf8), at: "alice/profile"))
    tour.show(try await profiles.get("alice/profile"))

    tour.caption("\"us\" is lost too: the write fails, with a type and an account of each child")
    try folder.unplug("us")
    do throws(DriverError) {
      try await profiles.put(Array("Bob, Oslo".utf8), at: "bob/profile")
    } catch {
      tour.show(error)
    }

    tour.caption("An outage is never mistaken for an absence: this is an error")
    do throws(DriverError) {
      tour.show(try await profiles.get("carol/profile"))
    } catch {
      tour.show(error)
    }

    tour.caption("With both stores back, this is an answer")
    try folder.plugIn("eu")
    try folder.plugIn("us")
    tour.show(try await profiles.get("carol/profile"))

    tour.caption("\"eu\" is back with an old copy: the newest one wins")
    tour.show(try await profiles.get("alice/profile"))

    tour.caption("A delete is remembered, so that no old copy brings the datum back")
    tour.show(try await profiles.delete("alice/profile"))
    tour.show(try await profiles.get("alice/profile"))
    try await profiles.close()

    tour.caption("A tree that cannot keep its promise does not compose, and says how to mend it")
    do throws(CompositionError) {
      _ = try Strategy("careless") {
        Quorum(read: 1, write: 1) {
          LocalOnly { MemoryDriver("cache") }
          DiskDriver(at: folder.path("us"), name: "us")
        }
      }
    } catch {
      tour.show(error)
    }
  }
}
