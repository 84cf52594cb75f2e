#if HTTP
  /// Which endpoint to ask first, and how long to wait for it. Pure.
  ///
  /// The one that answered last is asked again, which keeps its connections warm. One that failed is asked last for a
  /// while, so that a dead member costs one time-out and not one for each call.
  struct EtcdEndpoints {
    /// How long an endpoint is asked last after it failed.
    static let distrust = Duration.seconds(10)

    private var preferred = 0
    private var distrustedUntil: [Duration?]

    init(count: Int) { distrustedUntil = Array(repeating: nil, count: count) }

    /// The endpoints in the order in which to ask them: all of them, because distrust may be wrong.
    func order(at now: Duration) -> [Int] {
      let ring = distrustedUntil.indices.map { ($0 + preferred) % distrustedUntil.count }
      let isTrusted = { (index: Int) in distrustedUntil[index].map { $0 <= now } ?? true }
      let distrusted = ring.filter { !isTrusted($0) }
        .sorted { (distrustedUntil[$0] ?? .zero) < (distrustedUntil[$1] ?? .zero) }
      return ring.filter(isTrusted) + distrusted
    }

    /// The endpoint gave an answer.
    mutating func succeeded(_ index: Int) {
      preferred = index
      distrustedUntil[index] = nil
    }

    /// The endpoint gave none.
    mutating func failed(_ index: Int, at now: Duration) {
      distrustedUntil[index] = now + Self.distrust
      if preferred == index { preferred = (index + 1) % distrustedUntil.count }
    }

    /// How long to wait for one of the endpoints that are left: the time-out, or a fair share of what the caller has.
    static func share(of remaining: Duration?, among left: Int, timeout: Duration) -> Duration {
      min(timeout, remaining.map { $0 / max(1, left) } ?? timeout)
    }
  }
#endif
