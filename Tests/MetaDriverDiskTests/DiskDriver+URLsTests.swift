import MetaDriver
import MetaDriverDisk
import TestSupport
import Testing

@Suite struct DiskDriverURLsTests {
  private let folder: TemporaryFolder
  private let disk: DiskDriver

  init() throws {
    folder = try TemporaryFolder()
    disk = folder.disk()
  }

  // A2
  @Test(
    "A URL is made before the put, made again equal, handled, and finds the bytes", arguments: ["a", "A b/ü%", "con"])
  func roundTrip(name: String) async throws {
    for key in [try Key(.mutable, name: name), .immutable(ContentHash(of: Array(name.utf8)))] {
      let url = try #require(disk.url(for: key))
      #expect(url == disk.url(for: key) && disk.handles(url))
      #expect(try await disk.get([url], in: Context()) == nil)
      try await disk.put(Array(name.utf8), at: key)
      #expect(try await disk.get([url], in: Context()) == Record(Array(name.utf8)))
    }
  }

  @Test("A folder with odd characters has URLs, and their other spellings are handled")
  func spellings() async throws {
    let disk = DiskDriver(at: folder.path + "/a b%20ü#?")
    let url = try #require(disk.url(for: .mutable("key")))
    #expect(
      url.string
        == "file://\(folder.path)/a%20b%2520%C3%BC%23%3F/\(url.string.split(separator: "/").suffix(3).joined(separator: "/"))"
    )
    try await disk.put([1], at: .mutable("key"))
    for other in [
      url.string, url.string.replacing("file://", with: "FILE://localhost"),
      url.string.replacing("file://", with: "file:"),
      url.string.replacing("/key", with: "/%6bey"), url.string.replacing("%C3%BC", with: "%c3%bc"),
    ] { #expect(try await disk.get([StorageURL(other)], in: Context()) == Record([1]), "\(other)") }
  }

  @Test("URLs of somebody else's files are not handled")
  func foreign() async throws {
    let url = try #require(disk.url(for: .mutable("key")))
    let urls = try [
      "https://example.org/key", url.string.replacing("file://", with: "file://example.org"), "file://\(folder.store)",
      "file://\(folder.store)/metadriver-disk.txt", "file://\(folder.path)/other/mutable/3c/key", url.string + "?a",
      url.string + "#a",
      url.string + "%", url.string + "%00", url.string + "/",
      url.string.replacing("/mutable/", with: "/mutable/../mutable/"),
    ].map { try StorageURL($0) }
    for url in urls { #expect(!disk.handles(url), "\(url)") }
    // A13
    let error = try await failure { () throws(DriverError) in try await disk.get(urls, in: Context()) }
    #expect(error.code == .unroutable)
  }

  // A12, R1, R2
  @Test("URLs are asked in order: the first good copy wins, absent needs all, and a damaged copy ends nothing")
  func order() async throws {
    try await disk.put([1], at: .mutable("one"))
    try await disk.put([2], at: .mutable("two"))
    let stamped = Record([3], stamp: Stamp(time: 1, writer: 1))
    _ = try await disk.put(stamped, at: .mutable("torn"), in: Context())
    try File.write(Array(File.read(folder.file(.mutable("torn"))).dropLast()), to: folder.file(.mutable("torn")))
    func url(_ name: String) throws -> StorageURL { try #require(disk.url(for: Key(.mutable, name: name))) }
    let (one, two, torn, none) = (try url("one"), try url("two"), try url("torn"), try url("none"))
    let foreign = try StorageURL("https://example.org/")
    #expect(try await disk.get([foreign, none, torn, two, one], in: Context()) == Record([2]))
    #expect(try await disk.get([one, two], in: Context()) == Record([1]))
    #expect(try await disk.get([none, foreign], in: Context()) == nil)
    #expect(
      try await failure { () throws(DriverError) in try await disk.get([none, torn], in: Context()) }.code == .corrupt)
    #expect(
      try await failure { () throws(DriverError) in try await disk.get([torn, torn], in: Context()) }.code == .corrupt)
  }
}
