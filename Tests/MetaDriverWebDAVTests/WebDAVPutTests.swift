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
            case .answered: next = put.looked(isThere: server.hasName)
            case .delayed where server.isMovePending:
              // What was delayed is carried out just now.
              _ = server.move()
              server.isMovePending = false
              next = put.looked(isThere: server.hasName)
            case .notSent: throw Self.notSent
            default: continue
            }
          case .compare:
            switch fate {
            case .answered: next = try put.compared(isHeld: server.moveCount > 0)
            case .notSent: throw Self.notSent
            default: continue
            }
          case .discard:
            func delete() -> WebDAVPut.Answer {
              defer { server.hasName = false }
              return server.hasName ? .done : .missing(Self.missing)
            }
            switch fate {
            case .answered: next = try put.discarded(delete())
            case .delayed where server.isMovePending:
              _ = server.move()
              server.isMovePending = false
              next = try put.discarded(delete())
            case .replyLost:
              _ = delete()
              next = try put.discarded(.failed(Self.lost))
            case .notSent: next = try put.discarded(.failed(Self.notSent))
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
        case .unknown: isTrue = isTrue && course.contains { $0 != .answered }
        }
        if !isTrue { Issue.record("\(course): \(server), \(String(describing: error))") }
      }
      #expect(count > 40)
    }

    @Test("A put whose replies get lost again and again gives up, and takes its bytes away")
    func bounded() throws {
      for (answer, effect) in [
        (WebDAVPut.Answer.done, DriverError.Effect.unchanged), (.failed(Self.lost), .unknown),
        (.missing(Self.missing), nil),
      ] {
        var put = WebDAVPut()
        #expect(try put.uploaded(.done) == .move)
        for number in 1...WebDAVPut.moveLimit {
          #expect(try put.moved(.failed(Self.lost)) == .look)
          #expect(put.looked(isThere: true) == (number < WebDAVPut.moveLimit ? .move : .discard))
        }
        if let effect {
          let error = #expect(throws: DriverError.self) { _ = try put.discarded(answer) }
          #expect(error?.effect == effect && error?.message == "lost")
        } else {
          #expect(try put.discarded(answer) == .done)
        }
      }
    }
  }
#endif
