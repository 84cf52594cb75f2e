#if HTTP && SQLite
  import Foundation
  import MetaDriver
  import ServerSupport
  import Testing

  /// Files go to a folder, a database and three servers at once, and come back from all of them and from each.
  @Suite(
    .timeLimit(.minutes(10)),
    .enabled(
      if: ["rclone-s3", "nginx", "etcd"].allSatisfy(Server.isThere),
      "needs rclone-s3, nginx and etcd: Tests/run starts them"))
  struct ReplicateFolderTargetsTests {
    private static let seed: UInt64 = .random(in: 0...UInt64.max)

    private let example = Example(name: "replicate-folder")
    private let folder: TemporaryFolder
    /// Without the names that are too long for S3, and that no URL of an object could hold.
    private let files = NastyFiles.make(seed: Self.seed).filter { $0.key.count <= 60 }
    private let targets: [String]
    private let secrets: [String: String]

    init() throws {
      folder = try TemporaryFolder()
      try folder.make(files, below: "source")
      let run = "replicate-folder-\(UInt64.random(in: 0...UInt64.max))"
      let (s3, webdav, etcd) = (try Server("rclone-s3"), try Server("nginx"), try Server("etcd"))
      let members = etcd.fact("urls").replacing("http://", with: "").replacing(" ", with: ",")
      targets = [
        "file:A", "sqlite:B.sqlite",
        "s3://\(s3.fact("bucket"))/\(run)?region=\(s3.fact("region"))&endpoint=\(s3.url)#TEST",
        "webdav+http:\(webdav.url.dropFirst("http:".count))/dav/\(run)", "etcd://\(members)/\(run)",
      ]
      secrets = [
        "TEST_ACCESS_KEY_ID": s3.fact("key"), "TEST_SECRET_ACCESS_KEY": s3.fact("secret"),
        "WEBDAV_USER": webdav.fact("user"), "WEBDAV_PASSWORD": webdav.fact("password"),
      ]
      // Of several that make a folder at the same time, this server fails all but one.
      try FileManager.default.createDirectory(
        atPath: "\(s3.folder)/data/\(s3.fact("bucket"))/\(run)/mutable", withIntermediateDirectories: true)
    }

    private var note: Comment { "seed \(Self.seed)" }

    private func run(_ words: [String], _ option: String = "", _ targets: [String] = []) async throws -> Example.Result
    {
      let result = try await example.run(words + targets.flatMap { [option, $0] }, in: folder, environment: secrets)
      for secret in ["TEST_SECRET_ACCESS_KEY", "WEBDAV_PASSWORD"] {
        #expect(!(result.output + result.errors).contains(secrets[secret] ?? ""))
      }
      return result
    }

    // A1, A21
    @Test func `Every name and every byte comes back from every store`() async throws {
      let put = try await run(["put", "--from", "source"], "--to", targets)
      #expect(put.status == 0 && put.errors == "", note)
      for target in targets { #expect(put.output.contains("  \(target): stored \(files.count)\n"), note) }

      let verified = try await run(["verify", "--against", "source"], "--from", targets)
      #expect(verified.status == 0 && verified.errors == "", note)
      for target in targets { #expect(verified.output.contains("  \(target): good \(files.count)\n"), note) }

      let got = try await run(["get", "--into", "all"], "--from", targets)
      #expect(got.status == 0 && got.output.hasPrefix("got \(files.count) of \(files.count) files, "), note)
      #expect(try folder.files(below: "all") == files, note)
      for (number, target) in targets.enumerated() {
        let alone = try await run(["get", "--into", "alone-\(number)"], "--from", [target])
        #expect(alone.status == 0, "\(target): \(alone.errors)\(alone.output)")
        #expect(try folder.files(below: "alone-\(number)") == files, note)
      }
    }

    // A35
    @Test func `Deleted files stay deleted in every store`() async throws {
      _ = try await run(["put", "--from", "source"], "--to", targets)
      let deleted = try await run(["delete", "--prefix", "random/"], "--from", targets)
      #expect(deleted.status == 0, note)
      let rest = files.filter { !$0.key.starts(with: "random/".utf8) }
      for (number, target) in targets.enumerated() {
        let alone = try await run(["get", "--into", "alone-\(number)"], "--from", [target])
        #expect(alone.status == 0, "\(target): \(alone.errors)\(alone.output)")
        #expect(try folder.files(below: "alone-\(number)") == rest, note)
      }
    }

    @Test func `Without its secrets a target is refused, and nothing is done`() async throws {
      let put = try await example.run(["put", "--from", "source"] + targets.flatMap { ["--to", $0] }, in: folder)
      #expect(put.status == 64)
      #expect(put.errors.contains("needs TEST_ACCESS_KEY_ID and TEST_SECRET_ACCESS_KEY in the environment"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["source"])
    }
  }
#endif
