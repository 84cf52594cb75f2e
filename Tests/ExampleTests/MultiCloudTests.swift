#if HTTP && SQLite
  import Foundation
  import ServerSupport
  import TestSupport
  import Testing

  @Suite(.timeLimit(.minutes(10))) struct MultiCloudTests {
    private let example = Example(name: "multi-cloud")

    @Test(
      .enabled(
        if: Server.isThere("rclone-s3") && Server.isThere("nginx"), "needs rclone-s3 and nginx: Tests/run starts them"))
    func `The tour stops servers and starts them again, and prints what is recorded`() async throws {
      // Of its own, because others need theirs all the time; under the names by which the example knows them.
      let (s3, webdav) = try await apart {
        (try Server.start("rclone-s3@multi-cloud"), try Server.start("nginx@multi-cloud"))
      }
      let folder = try TemporaryFolder()
      for (name, server) in [("rclone-s3", s3), ("nginx", webdav)] {
        try FileManager.default.createSymbolicLink(
          atPath: "\(folder.path)/\(name)", withDestinationPath: server.folder)
      }
      let tour = try await example.run(["--servers", folder.path], in: folder)
      try await apart {
        try s3.stop()
        try webdav.stop()
      }
      #expect(tour.errors == "")
      #expect(tour.status == 0)
      #expect(recorded(tour.output, s3, webdav) == (try expected("multi-cloud")))
      for server in [s3, webdav] {
        for word in ["secret", "password"] where !server.fact(word).isEmpty {
          #expect(!tour.output.contains(server.fact(word)))
        }
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["nginx", "rclone-s3"])
    }

    /// What was printed, with one word for all that differs from run to run: where the servers are, how libcurl puts a
    /// refused connection, and which stores were the quickest.
    private func recorded(_ output: String, _ s3: Server, _ webdav: Server) -> String {
      output
        .replacing(s3.url, with: "http://S3").replacing(webdav.url, with: "http://WEBDAV")
        .replacing(/multi-cloud-[0-9A-F-]{36}/, with: "RUN")
        .replacing(/failed: Failed to connect .*: check the host/, with: "failed: …: check the host")
        .replacing(quickest) { match in
          // Two of the three are always there when it is answered. The third is noted, unless it was there by then too.
          let others = [match.1, match.2, match.3].filter { $0 != "stored" }
          let isRight = others.count <= 1 && others.allSatisfy { $0.elementsEqual("queued") }
          return isRight ? "two of phone, s3, webdav: stored\nthe third: stored or queued" : String(match.0)
        }
        .replacing(/has [01] of 2 acknowledgements needed\n  phone: (stored|pending)/) { match in
          match.0.contains("has 1") == match.0.contains("stored")
            ? "has the phone's of 2 acknowledgements needed, if any yet" : String(match.0)
        }
    }

    private let quickest =
      /├─ phone: (\w+)(?:\n│  └─ phone: pending)?\n├─ s3: (\w+)(?:\n│  └─ s3: pending)?\n└─ webdav: (\w+)(?:\n   └─ webdav: pending)?/

    @Test(arguments: [[], ["--servers"], ["--s3", "bucket"], ["--servers", "/nowhere"], ["--dance", "x"]])
    func `Anything else shows how it is used`(words: [String]) async throws {
      let result = try await example.run(words, in: try TemporaryFolder())
      #expect(result.status == 64)
      #expect(result.output == "")
      #expect(result.errors.hasPrefix("multi-cloud: ") && result.errors.contains("\n\nmulti-cloud --servers FOLDER"))
    }
  }
#endif
