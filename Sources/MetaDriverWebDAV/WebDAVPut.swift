#if HTTP
  import MetaDriver

  /// One put that replaces in one step: send the bytes to a name of their own, then move that. Pure; `WebDAVStore` is its
  /// shell.
  ///
  /// Until the move nothing that anybody reads is changed. The name is never used again, so that a move whose reply was lost
  /// can be known again: as long as the name is there, it was not made, and may be asked for again; when it is gone, it was.
  struct WebDAVPut {
    /// How often the reply to the move may get lost before the put gives up.
    static let lossLimit = 3

    enum Step: Hashable {
      /// Make sure of the collection for names of their own, then send the bytes.
      case upload
      /// Move them.
      case move
      /// Make sure of the collection of the key once more, then move them.
      case collectAndMove
      /// Is the name still there?
      case look
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
    private var losses = 0
    /// Why it is not known whether a move was made.
    private var lost: DriverError?
    /// Why the server did not move.
    private var missing: DriverError?

    mutating func uploaded(_ answer: Answer) throws(DriverError) -> Step {
      uploads += 1
      switch answer {
      case .done: return .move
      case .missing where uploads == 1: return .upload
      case .missing(let error), .failed(let error): throw error.with(effect: .unchanged)
      }
    }

    mutating func moved(_ answer: Answer) throws(DriverError) -> Step {
      switch answer {
      case .done: return .done
      case .failed(let error) where error.effect == .unknown:
        lost = error
        losses += 1
        guard losses < Self.lossLimit else { throw error }
        return .look
      case .failed(let error): throw failure(error)
      case .missing(let error):
        missing = error
        return .look
      }
    }

    /// - Parameter isThere: Whether the name is still there.
    mutating func looked(isThere: Bool) throws(DriverError) -> Step {
      guard isThere else {
        if lost != nil { return .done }
        throw DriverError(
          .unavailable, "the bytes that were sent are gone before they got their name: does somebody clean up there?",
          effect: .unchanged)
      }
      guard let missing else { return .move }
      guard !isCollected else { throw failure(missing) }
      isCollected = true
      self.missing = nil
      return .collectAndMove
    }

    /// What to throw for a failure that ends the put: once the reply to a move was lost, nobody knows what was changed.
    func failure(_ error: DriverError) -> DriverError { error.with(effect: lost == nil ? .unchanged : .unknown) }
  }
#endif
