#if HTTP
  import MetaDriver

  /// One put that replaces in one step: send the bytes to a name of their own, then move that. Pure; `WebDAVStore` is its
  /// shell.
  ///
  /// Until the move nothing that anybody reads is changed. The name is never used again, so that a move whose reply was lost
  /// can be known again: as long as the name is there, it was not made, and may be asked for again; when it is gone, it was.
  struct WebDAVPut {
    /// How often a move is asked for that the server does not make, before the put gives up.
    static let moveLimit = 3

    enum Step: Hashable {
      /// Make sure of the collection for names of their own, then send the bytes.
      case upload
      /// Move them.
      case move
      /// Make sure of the collection of the key once more, then move them.
      case collectAndMove
      /// Is the name still there?
      case look
      /// Are the bytes where they belong?
      case compare
      /// Delete the name, so that no move can be made any more.
      case discard
      case done
    }

    /// What became of a request.
    enum Answer {
      case done
      /// The server did nothing, perhaps because a collection is missing.
      case missing(DriverError)
      case failed(DriverError)
    }

    private var uploads = 0
    private var isCollected = false
    private var moves = 0
    /// Why it is not known whether a move was made.
    private var lost: DriverError?
    /// Why the server did not move, as it says. Somebody in between may say so after it has.
    private var missing: DriverError?

    /// - Parameter answer: What became of the upload. One of which nobody knows whether it was made is taken for made: the
    ///   move tells.
    mutating func uploaded(_ answer: Answer) throws(DriverError) -> Step {
      uploads += 1
      switch answer {
      case .done: return .move
      case .missing where uploads == 1: return .upload
      case .missing(let error), .failed(let error): throw error.with(effect: .unchanged)
      }
    }

    mutating func moved(_ answer: Answer) throws(DriverError) -> Step {
      moves += 1
      switch answer {
      case .done: return .done
      case .failed(let error): lost = error
      case .missing(let error): missing = error
      }
      return .look
    }

    /// - Parameter isThere: Whether the name is still there.
    mutating func looked(isThere: Bool) -> Step {
      guard isThere else { return lost != nil && missing == nil ? .done : .compare }
      if missing != nil {
        if isCollected { return .discard }
        isCollected = true
        missing = nil
        return .collectAndMove
      }
      // What the server refuses for good it would refuse again.
      return moves < Self.moveLimit && lost?.effect == .unknown ? .move : .discard
    }

    /// - Parameter isHeld: Whether the bytes are where they belong, while their own name is gone.
    mutating func compared(isHeld: Bool) throws(DriverError) -> Step {
      if isHeld { return .done }
      throw DriverError(
        .unavailable, "the bytes that were sent are gone before they got their name: does somebody clean up there?",
        underlying: missing, effect: .unknown)
    }

    /// - Parameter answer: What became of the delete of the name: done when it was there, missing when it was not.
    mutating func discarded(_ answer: Answer) throws(DriverError) -> Step {
      let reason = missing ?? lost ?? DriverError(.unavailable, "the server does not move")
      switch answer {
      // Moved after all, late.
      case .missing: return missing == nil ? .done : .compare
      case .done:
        // What is not there can never be moved any more.
        (lost, missing) = (nil, nil)
        throw reason.with(effect: .unchanged)
      case .failed: throw reason.with(effect: .unknown)
      }
    }

    /// What to throw for a failure that ends the put: once the reply to a move was lost, nobody knows what was changed.
    func failure(_ error: DriverError) -> DriverError {
      error.with(effect: lost == nil && missing == nil && error.effect == .unchanged ? .unchanged : .unknown)
    }
  }
#endif
