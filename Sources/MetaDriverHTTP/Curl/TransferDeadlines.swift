#if HTTP
  /// When a transfer has taken too long, and in which respect. Pure: moments come from outside.
  struct TransferDeadlines {
    /// What ran out.
    enum Expiry: Equatable {
      case total, connecting, idle
    }

    /// When the answer is of no more use.
    let total: Duration?
    let connectTimeout: Duration
    let idleTimeout: Duration
    /// Since when there is no connection; `nil` when there is one, or none is sought yet.
    private var connectingSince: Duration?
    /// Since when nothing moves; `nil` while nothing is expected to.
    private var idleSince: Duration?

    init(total: Duration?, connectTimeout: Duration, idleTimeout: Duration) {
      self.total = total
      self.connectTimeout = connectTimeout
      self.idleTimeout = idleTimeout
    }

    /// A connection is sought.
    mutating func beginConnecting(at now: Duration) { (connectingSince, idleSince) = (now, nil) }

    /// Bytes moved, or a connection is there.
    mutating func progress(at now: Duration) { (connectingSince, idleSince) = (nil, now) }

    /// It is up to the caller to go on.
    mutating func waitForCaller() { (connectingSince, idleSince) = (nil, nil) }

    /// What ran out by now.
    func expiry(at now: Duration) -> Expiry? {
      if let total, now >= total { return .total }
      if let connectingSince, now >= connectingSince + connectTimeout { return .connecting }
      if let idleSince, now >= idleSince + idleTimeout { return .idle }
      return nil
    }

    /// How long nothing can run out; `nil` for ever, unless something happens.
    func rest(at now: Duration) -> Duration? {
      [total, connectingSince.map { $0 + connectTimeout }, idleSince.map { $0 + idleTimeout }]
        .compactMap { $0 }.min().map { max(.zero, $0 - now) }
    }
  }
#endif
