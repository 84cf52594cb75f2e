#if HTTP
  import MetaDriver
  @testable import MetaDriverHTTP
  import MetaDriverTesting
  import ServerSupport
  import TestSupport
  import Testing

  struct ReplyHeadTests {
    private func head(_ lines: String...) throws(DriverError) -> ReplyHead {
      var head = ReplyHead()
      for line in lines { try head.take(Array("\(line)\r\n".utf8)) }
      return head
    }

    @Test("Status and fields are read, without regard to case and blanks")
    func fields() throws {
      let head = try head("HTTP/1.1 207 Multi-Status", "ETag:\t\"x\"  ", "content-LENGTH: 12", "Empty:", "")
      #expect(head.status == 207)
      #expect(head.headers["etag"] == "\"x\"")
      #expect(head.headers["Empty"] == "")
      #expect(head.contentLength == 12)
    }

    @Test("An interim reply is forgotten")
    func interim() throws {
      let head = try head("HTTP/1.1 100 Continue", "X: 1", "", "HTTP/2 204", "Y: 2")
      #expect(head.status == 204)
      #expect(head.headers["X"] == nil)
    }

    // R2.
    @Test("Fields that are cut off are not complete")
    func cut() throws {
      #expect(try !head("HTTP/1.1 200 OK", "Content-Length: 12").isComplete)
      #expect(try !head("HTTP/1.1 100 Continue", "").isComplete)
      #expect(try head("HTTP/1.1 100 Continue", "", "HTTP/1.1 200 OK", "").isComplete)
    }

    @Test("Bytes that are not UTF-8 are Latin-1")
    func latin1() throws {
      var head = ReplyHead()
      try head.take(Array("X: ".utf8) + [0xe9])
      #expect(head.headers["X"] == "é")
    }

    @Test(
      "What is not HTTP is refused",
      arguments: [
        "HTTP/1.1", "HTTP/1.1 abc", "HTTP/1.1 20", "HTTP/1.1 2000", "HTTP/1.1 099 X", "no colon", ": x", "a b: x",
        "a: \u{1}",
      ])
    func broken(line: String) throws {
      let error = try #require(throws: DriverError.self) { try head(line) }
      #expect(error.code == .unavailable && !error.isRetryable)
    }

    @Test("Fields without end are refused")
    func endless() {
      #expect(throws: DriverError.self) {
        var head = ReplyHead()
        for _ in 0...ReplyHead.byteLimit / 1_000 {
          try head.take(Array("X: \(String(repeating: "x", count: 997))".utf8))
        }
      }
    }

    @Test("Lines that chance made up give fields or a typed error")
    func fuzz() async throws {
      let seed = seed(of: "ReplyHead")
      let (fields, errors, others) = try await apart { Self.takeLines(seed) }
      #expect(others.isEmpty)
      #expect(fields > AnswerFuzzer.count / 10 && errors > AnswerFuzzer.count / 10)
    }

    private static func takeLines(_ seed: UInt64) -> (fields: Int, errors: Int, others: [String]) {
      var others: [String] = []
      var generator = SeededGenerator(seed: seed)
      let seeds = [
        "HTTP/1.1 200 OK\r\n", "HTTP/2 404\r\n", "ETag: \"abc\"\r\n", "Content-Length: 1024\r\n",
        "Retry-After: 120\r\n",
        "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n", "Content-Range: bytes 0-53/1024\r\n", "Location: /x\r\n",
        "\r\n",
      ].map { Array($0.utf8) }
      var (fields, errors) = (0, 0)
      var head = ReplyHead()
      for number in 0..<AnswerFuzzer.count {
        var line = seeds[Int(truncatingIfNeeded: generator.next() % UInt64(seeds.count))]
        let dice = generator.next()
        for change in 0..<(dice & 3) {
          let word = generator.next()
          let place = Int(word >> 8 & 0xffff) % line.count
          switch (word >> 32) % 3 {
          case 0: line[place] = UInt8(truncatingIfNeeded: word)
          case 1 where line.count > 1: line.remove(at: place)
          default: line.insert(UInt8(truncatingIfNeeded: word >> change), at: place)
          }
        }
        if number.isMultiple(of: 16) { head = ReplyHead() }
        do throws(DriverError) {
          try head.take(line)
          fields += 1
          // Whatever is made of the fields later must bear them too.
          let response = HTTPResponse(head.status, headers: head.headers)
          _ = (
            head.contentLength, response.wholeByteCount(askedFor: 62),
            response.headers["Last-Modified"].map(HTTPDate.parse)
          )
        } catch {
          errors += 1
          if error.code != .unavailable { others.append("\(line): \(error)") }
          head = ReplyHead()
        }
      }
      return (fields, errors, others)
    }
  }
#endif
