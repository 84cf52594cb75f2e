#if HTTP
  import MetaDriver
  @testable import MetaDriverWebDAV
  import Testing

  /// Every course that a put can take, against a model of a server.
  @Suite struct WebDAVPutTests {
    /// What became of a request.
    enum Fate: CaseIterable {
      case answered
      /// It was carried out, and its reply got lost.
      case replyLost
      /// It is carried out later, if it still can be, and its reply gets lost.
      case delayed
      /// It was not sent.
      case notSent
      /// The server refuses.
      case refused
    }

    struct Server {
      var hasCollection: Bool
      var hasName = false
      /// How often what is stored was replaced.
      var moveCount = 0
      var isMovePending = false

      mutating func move() -> Bool {
        guard hasName, hasCollection else { return false }
        hasName = false
        moveCount += 1
        return true
      }
    }

    private static let lost = DriverError(.unavailable, "lost", effect: .unknown)
    private static let notSent = DriverError(.unavailable, "not sent", effect: .unchanged)
    private static let refused = DriverError(.denied, "refused")
    private static let missing = DriverError(.unavailable, "missing", effect: .unchanged)

    private func explore(
      _ put: WebDAVPut, _ step: WebDAVPut.Step, _ server: Server, _ course: [Fate], depth: Int,
      _ check: (Server, DriverError?, [Fate]) -> Void
    ) {
      if step == .done { return check(server, nil, course) }
      for fate in course.count < depth ? Fate.allCases : [.answered] {
        var (put, server) = (put, server)
        do throws(DriverError) {
          let next: WebDAVPut.Step
          switch step {
          case .done: return
          case .upload:
            switch fate {
            case .answered:
              server.hasName = true
              next = try put.uploaded(.done)
            case .replyLost, .delayed:
              server.hasName = true
              // The bytes are at a name that nobody reads: the client says that nothing was changed.
              next = try put.uploaded(.failed(Self.lost))
            case .notSent: next = try put.uploaded(.failed(Self.notSent))
            case .refused: next = try put.uploaded(.missing(Self.missing))
            }
          case .move, .collectAndMove:
            if step == .collectAndMove { server.hasCollection = true }
            switch fate {
            case .answered: next = try put.moved(server.move() ? .done : .missing(Self.missing))
            case .replyLost:
              _ = server.move()
              next = try put.moved(.failed(Self.lost))
            case .delayed:
              server.isMovePending = true
              next = try put.moved(.failed(Self.lost))
            case .notSent: next = try put.moved(.failed(Self.notSent))
            case .refused: next = try put.moved(.failed(Self.refused))
            }
          case .look:
            switch fate {
            case .answered: next = try put.looked(isThere: server.hasName)
            case .delayed where server.isMovePending:
              // What was delayed is carried out just now.
              _ = server.move()
              server.isMovePending = false
              next = try put.looked(isThere: server.hasName)
            case .notSent: throw Self.notSent
            default: continue
            }
          }
          explore(put, next, server, course + [fate], depth: depth, check)
        } catch { check(server, put.failure(error), course + [fate]) }
      }
    }

    // R5, R26
    @Test("A put replaces once at most, and what it says of itself is true", arguments: [false, true])
    func truth(hasCollection: Bool) {
      var count = 0
      explore(WebDAVPut(), .upload, Server(hasCollection: hasCollection), [], depth: 7) { server, error, course in
        count += 1
        var isTrue = server.moveCount <= 1
        switch error?.effect {
        case nil: isTrue = isTrue && server.moveCount == 1
        case .unchanged: isTrue = isTrue && server.moveCount == 0 && !(server.isMovePending && server.hasName)
        case .unknown: isTrue = isTrue && (course.contains(.replyLost) || course.contains(.delayed))
        }
        if !isTrue { Issue.record("\(course): \(server), \(String(describing: error))") }
      }
      #expect(count > 40)
    }

    @Test("A put whose replies get lost again and again gives up")
    func bounded() throws {
      var put = WebDAVPut()
      #expect(try put.uploaded(.done) == .move)
      for _ in 1..<WebDAVPut.lossLimit {
        #expect(try put.moved(.failed(Self.lost)) == .look)
        #expect(try put.looked(isThere: true) == .move)
      }
      let error = #expect(throws: DriverError.self) { _ = try put.moved(.failed(Self.lost)) }
      #expect(error?.effect == .unknown)
    }
  }
#endif
