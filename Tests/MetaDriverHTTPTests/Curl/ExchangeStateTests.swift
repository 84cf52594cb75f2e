#if HTTP
  import MetaDriver
  @testable import MetaDriverHTTP
  import Testing

  struct ExchangeStateTests {
    private let good = Result<HTTPResponse, DriverError>.success(HTTPResponse(200))
    private let bad = Result<HTTPResponse, DriverError>.failure(DriverError(.cancelled, "cancelled"))

    /// The state, and its events in words.
    private final class Machine {
      var state = ExchangeState()

      func next() -> String {
        switch state.next() {
        case .wantsPiece: "make"
        case .piece(let bytes): "take \(bytes.count)"
        case .end(.success): "good"
        case .end(.failure): "bad"
        case nil: "wait"
        }
      }

      func receive(_ count: Int) -> Bool {
        unsafe [UInt8](repeating: 1, count: count).withUnsafeBytes { unsafe state.receive($0) }
      }

      func finish(_ result: Result<HTTPResponse, DriverError>) -> Bool { state.finish(result) }
      func resumesReceiving() -> Bool { state.resumesReceiving() }
      func takePiece() -> [UInt8]? {
        guard case .bytes(let bytes)? = state.takePiece() else { return nil }
        return bytes
      }
    }

    @Test("A good end waits for what was received, a bad one does not")
    func ends() {
      var machine = Machine()
      #expect(machine.next() == "wait")
      #expect(machine.receive(3))
      #expect(machine.finish(good))
      #expect(machine.next() == "take 3")
      #expect(machine.next() == "good")
      #expect(machine.next() == "wait")

      machine = Machine()
      #expect(machine.receive(3))
      #expect(machine.finish(bad))
      #expect(machine.next() == "bad")
    }

    @Test("It ends once")
    func once() {
      let machine = Machine()
      #expect(machine.finish(bad))
      #expect(!machine.finish(good))
      #expect(machine.next() == "bad")
      #expect(machine.next() == "wait")
    }

    @Test("Receiving pauses when the task is behind, and goes on when it caught up")
    func backPressure() {
      let machine = Machine()
      let limit = ExchangeState.receivedByteLimit
      #expect(machine.receive(limit - 1))
      #expect(!machine.receive(2))
      #expect(machine.next() == "take \(limit - 1)")
      #expect(machine.resumesReceiving())
      #expect(!machine.resumesReceiving())
      // A piece beyond the limit is taken when there is nothing else: libcurl offers none in parts.
      #expect(machine.receive(limit + 1))
      #expect(!machine.receive(1))
    }

    @Test("A piece is asked for once, and handed over once")
    func pieces() {
      let machine = Machine()
      #expect(machine.takePiece() == nil)
      #expect(machine.takePiece() == nil)
      #expect(machine.next() == "make")
      // Asking again makes no second piece, which would take the place of the first.
      #expect(machine.takePiece() == nil)
      #expect(machine.next() == "wait")
      machine.state.supply(.bytes([1]))
      #expect(machine.takePiece() == [1])
      #expect(machine.takePiece() == nil)
      #expect(machine.finish(good))
      #expect(machine.next() == "good")
    }
  }
#endif
