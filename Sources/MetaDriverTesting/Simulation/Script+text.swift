import MetaDriver

extension Script: CustomStringConvertible {
  /// The script as ``init(_:)`` reads it.
  public var description: String {
    var lines = ["seed \(seed)"]
    if calls == nil { lines.append("faults drawn") }
    lines += stores.map { "store \($0)" }
    for (client, skew) in skews.enumerated() {
      lines.append("client \(client)" + (skew == .zero ? "" : " skew \(skew < .zero ? "-" : "")\(skew.magnitude.text)"))
    }
    lines += steps.map {
      "step \($0.number) client \($0.client) at \($0.moment.text) \($0.action) k\($0.key)"
    }
    lines += (calls ?? []).filter { $0.journey != .base }.map { "call \($0.call.text): \($0.journey)" }
    lines += incidents.map { "at \($0.moment.text) \($0.kind) for \($0.duration.text)" }
    return lines.joined(separator: "\n")
  }

  /// How much there is of it: `2 writes, 1 read, 3 stores, 4 calls with faults or delays, 0 incidents`.
  public var size: String {
    let reads = steps.count { $0.action == .get }
    let calls = (calls ?? []).count { $0.journey != .base }
    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
    return [
      counted(steps.count - reads, "write"), counted(reads, "read"), counted(stores.count, "store"),
      counted(calls, "disturbed call"), counted(incidents.count, "incident"),
    ].joined(separator: ", ")
  }
}

extension Script.Incident.Kind: CustomStringConvertible {
  /// `crash client 0`, `crash store a`, `cut client 0 from a`.
  public var description: String {
    switch self {
    case .clientCrash(let client): "crash client \(client)"
    case .storeCrash(let store): "crash store \(store)"
    case .cut(let client, let store): "cut client \(client) from \(store)"
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

extension Duration {
  /// The duration without its sign.
  fileprivate var magnitude: Duration { self < .zero ? .zero - self : self }
}
