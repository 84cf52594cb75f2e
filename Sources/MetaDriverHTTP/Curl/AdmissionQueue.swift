#if HTTP
  /// Which request may have a connection next: first come, first served, within a limit for each origin and one for all.
  /// Pure.
  struct AdmissionQueue<ID: Hashable> {
    private struct Lane {
      var active = 0
      var waiting: ArraySlice<(number: UInt64, id: ID)> = []
    }

    /// How many are under way at once.
    let limit: Int
    /// How many of one origin are under way at once.
    let limitOfOrigin: Int
    private var lanes: [String: Lane] = [:]
    private var lastNumber: UInt64 = 0
    /// How many are under way.
    private(set) var activeCount = 0

    init(limit: Int, limitOfOrigin: Int) {
      self.limit = limit
      self.limitOfOrigin = limitOfOrigin
    }

    /// How many wait.
    var waitingCount: Int { lanes.values.reduce(0) { $0 + $1.waiting.count } }

    /// Somebody waits.
    mutating func add(_ id: ID, to origin: String) {
      lastNumber += 1
      lanes[origin, default: Lane()].waiting.append((lastNumber, id))
    }

    /// Who may start now; `nil` when nobody may.
    ///
    /// - Complexity: O(n) for n origins.
    mutating func next() -> ID? {
      guard activeCount < limit else { return nil }
      var first: (origin: String, number: UInt64)?
      for (origin, lane) in lanes where lane.active < limitOfOrigin {
        guard let number = lane.waiting.first?.number, first.map({ number < $0.number }) ?? true else { continue }
        first = (origin, number)
      }
      guard let origin = first?.origin, let id = lanes[origin]?.waiting.popFirst()?.id else { return nil }
      lanes[origin]?.active += 1
      activeCount += 1
      return id
    }

    /// One that was under way has ended.
    mutating func finish(_ origin: String) {
      activeCount -= 1
      lanes[origin]?.active -= 1
      forget(origin)
    }

    /// One that waits goes away. False when it does not wait.
    ///
    /// - Complexity: O(n) for n that wait for the same origin.
    mutating func drop(_ id: ID, from origin: String) -> Bool {
      guard let place = lanes[origin]?.waiting.firstIndex(where: { $0.id == id }) else { return false }
      lanes[origin]?.waiting.remove(at: place)
      forget(origin)
      return true
    }

    private mutating func forget(_ origin: String) {
      if let lane = lanes[origin], lane.active == 0, lane.waiting.isEmpty { lanes[origin] = nil }
    }
  }
#endif
