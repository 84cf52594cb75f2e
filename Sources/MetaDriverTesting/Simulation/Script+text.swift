import MetaDriver

extension Script: CustomStringConvertible {
  /// The script as ``init(_:)`` reads it.
  public var description: String {
    var lines = ["seed \(seed)"]
    if calls == nil { lines.append("faults drawn") }
    lines += stores.map { "store \($0)" }
    for (client, clock) in clocks.enumerated() {
      lines.append((["client \(client)"] + clock.fields).joined(separator: " "))
    }
    lines += steps.map {
      "step \($0.number) client \($0.client) at \($0.moment.text) \($0.action) k\($0.key)"
    }
    lines += (calls ?? []).filter { $0.journey != .base }.map { "call \($0.call.text): \($0.journey)" }
    lines += incidents.map(\.text)
    return lines.joined(separator: "\n")
  }

  /// How much there is of it: `2 writes, 1 read, 3 stores, 4 calls with faults or delays, 0 incidents`.
  public var size: String {
    let reads = steps.count(where: \.action.isRead)
    let calls = (calls ?? []).count { $0.journey != .base }
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    return [
      counted(steps.count - reads, "write"), counted(reads, "read"), counted(stores.count, "store"),
      counted(calls, "disturbed call"), counted(incidents.count, "incident"),
    ].joined(separator: ", ")
  }
}

extension Script.Incident {
  /// `at 40ms crash client 0 for 20ms clock -30s`.
  fileprivate var text: String {
    var (kind, end) = (kind, "")
    // How a crash ends stands at the end.
    if case .clientCrash(let client, let clock) = kind, clock != .zero {
      (kind, end) = (.clientCrash(client), " clock \(clock.signedText)")
    }
    let lasting = kind.canLastNoTime && duration == .zero ? "" : " for \(duration.text)"
    return "at \(moment.text) \(kind)\(lasting)\(end)"
  }
}

extension Script.Incident.Kind: CustomStringConvertible {
  /// Whether it is for good when it lasts no time, or over at once.
  var canLastNoTime: Bool {
    switch self {
    case .clientCrash, .storeCrash, .cut: false
    case .clockStep, .clockRate, .storeWipe: true
    }
  }

  /// `crash client 0`, `crash store a`, `cut client 0 from a`, `clock 0 by -3m`, `clock 0 frozen`, `wipe store a`.
  public var description: String {
    switch self {
    case .clientCrash(let client, let clock):
      "crash client \(client)" + (clock == .zero ? "" : " clock \(clock.signedText)")
    case .storeCrash(let store): "crash store \(store)"
    case .cut(let client, let store): "cut client \(client) from \(store)"
    case .clockStep(let client, let change): "clock \(client) by \(change.signedText)"
    case .clockRate(let client, let rate): "clock \(client) \(Simulation.WallClock.text(rate: rate))"
    case .storeWipe(let store): "wipe store \(store)"
    }
  }
}

extension FaultCall {
  /// `put b step 1 number 1`.
  var text: String { "\(operation) \(leaf) step \(step.map(String.init) ?? "-") number \(number)" }
}

extension Journey: CustomStringConvertible {
  /// `request 45ms reply 1ms lostReply`.
  var description: String {
    "request \(request.text) reply \(reply.text)\(isCancellable ? " cancellable" : "")" + (fault.map { " \($0)" } ?? "")
  }
}
