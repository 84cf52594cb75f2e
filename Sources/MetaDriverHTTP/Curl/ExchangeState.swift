#if HTTP
  import MetaDriver

  /// What stands between the task that sent a request and the thread that carries it out. Pure; `Exchange` is its shell.
  struct ExchangeState {
    /// What the task has to do next.
    enum Event {
      /// Make the next piece of the request's body.
      case wantsPiece
      /// Take a piece of the reply's body.
      case piece([UInt8])
      /// Go on: it is over.
      case end(Result<HTTPResponse, DriverError>)
    }

    /// A piece of the request's body, or its end.
    enum Piece {
      case bytes([UInt8])
      case end
    }

    /// What the thread may put aside until the task takes it, in bytes.
    static let receivedByteLimit = 256 << 10

    /// Whether a server may have seen something of the request.
    var isSent = false
    private(set) var result: Result<HTTPResponse, DriverError>?
    private var isTaken = false
    private var received: [UInt8] = []
    private var isReceivingPaused = false
    private var supplied: Piece?
    private var wantsPiece = false
    /// Whether a piece was asked for and is not there yet: libcurl asks again whenever it goes on.
    private var isMaking = false

    /// Whether the thread has nothing more to do for it.
    var isOver: Bool { result != nil }

    /// What the task has to do now; `nil` when it has to wait.
    ///
    /// What was received before a good end is taken before it; a bad end comes at once.
    mutating func next() -> Event? {
      if case .failure? = result { return takeResult() }
      if !received.isEmpty {
        defer { received = [] }
        return .piece(received)
      }
      if result != nil { return takeResult() }
      if wantsPiece {
        wantsPiece = false
        return .wantsPiece
      }
      return nil
    }

    private mutating func takeResult() -> Event? {
      guard let result, !isTaken else { return nil }
      isTaken = true
      return .end(result)
    }

    /// It is over. False when it was already.
    mutating func finish(_ result: Result<HTTPResponse, DriverError>) -> Bool {
      guard self.result == nil else { return false }
      self.result = result
      wantsPiece = false
      supplied = nil
      return true
    }

    /// Bytes came. False when the task has to catch up first: they are to be offered again after ``resumesReceiving()``.
    mutating func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
      guard received.isEmpty || received.count + bytes.count <= Self.receivedByteLimit else {
        isReceivingPaused = true
        return false
      }
      unsafe received.append(contentsOf: bytes)
      return true
    }

    /// Whether receiving was paused, and is not any more, because the task caught up.
    mutating func resumesReceiving() -> Bool {
      defer { isReceivingPaused = false }
      return isReceivingPaused
    }

    /// The next piece to send; `nil` when the task has to make it first.
    mutating func takePiece() -> Piece? {
      defer { supplied = nil }
      if supplied == nil, !isMaking { (wantsPiece, isMaking) = (true, true) }
      return supplied
    }

    /// A piece was made.
    mutating func supply(_ piece: Piece) { (supplied, isMaking) = (piece, false) }
  }
#endif
