/// Prints rows as they come, and remembers which targets they missed.
struct Table {
  private static let titles = ["here", "against", "ratio", "allocations", "switches", "target", ""]
  private static let widths = [10, 10, 7, 13, 9, 27, 6]

  let isMarkdown: Bool
  private(set) var missed: [String] = []
  private var nameWidth = 0

  init(isMarkdown: Bool) { self.isMarkdown = isMarkdown }

  /// What stands above the rows, with an end of line.
  mutating func header(of names: [String]) -> String {
    nameWidth = names.map(\.count).max() ?? 0
    guard isMarkdown else { return line("", Self.titles) + "\n" }
    return line("what", Self.titles) + "\n|---|" + Self.titles.map { _ in "---|" }.joined() + "\n"
  }

  /// One row.
  mutating func line(_ row: Row) -> String {
    let measured = row.measured
    var targets: [String] = []
    var verdicts: [Bool] = []
    for target in Target.all where target.row == row.name {
      targets.append("\(target)")
      guard let isMet = target.isMet(by: row) else { continue }
      verdicts.append(isMet)
      if !isMet { missed.append("\(row.name): \(target), and it is \(measured.text(of: target.quantity))") }
    }
    return line(
      row.name,
      [
        measured.here.amount, measured.reference?.amount ?? "", measured.ratio.map { decimal($0, 2) } ?? "",
        both(\.allocations, in: measured), both(\.switches, in: measured), targets.joined(separator: ", "),
        verdicts.isEmpty ? "" : verdicts.allSatisfy { $0 } ? "met" : "MISSED",
      ])
  }

  private func both(_ path: KeyPath<Figure, Double?>, in measured: Measured) -> String {
    let text = { (figure: Figure) in figure[keyPath: path].map { decimal($0, 1) } ?? "-" }
    return text(measured.here) + (measured.reference.map { " / " + text($0) } ?? "")
  }

  private func line(_ name: String, _ cells: [String]) -> String {
    if isMarkdown { return "| \(([name] + cells).joined(separator: " | ")) |" }
    var line = padded(name, nameWidth, atEnd: true)
    for (index, cell) in cells.enumerated() {
      line += "  " + padded(cell, Self.widths[index], atEnd: index >= cells.count - 2)
    }
    while line.last == " " { line.removeLast() }
    return line
  }
}

extension Measured {
  fileprivate func text(of quantity: Target.Quantity) -> String {
    switch quantity {
    case .nanoseconds: here.amount
    case .ratio: ratio.map { decimal($0, 3) } ?? "-"
    case .excess: reference.map { "\(decimal((here.nanoseconds - $0.nanoseconds) / 1e9, 2)) s" } ?? "-"
    case .allocations: here.allocations.map { decimal($0, 1) } ?? "-"
    case .switches: here.switches.map { decimal($0, 2) } ?? "-"
    }
  }
}

extension Figure {
  /// The time, or the throughput.
  fileprivate var amount: String {
    if let byteCount { return "\(decimal(Double(byteCount) / nanoseconds * 1e9 / 1_048_576, 0)) MiB/s" }
    if nanoseconds < 10_000 { return "\(decimal(nanoseconds, 0)) ns" }
    if nanoseconds < 1e6 { return "\(decimal(nanoseconds / 1e3, 1)) µs" }
    return "\(decimal(nanoseconds / 1e6, 2)) ms"
  }
}

private func padded(_ text: String, _ width: Int, atEnd: Bool) -> String {
  let space = String(repeating: " ", count: max(0, width - text.count))
  return atEnd ? text + space : space + text
}

/// A number with so many decimals.
func decimal(_ number: Double, _ decimals: Int) -> String {
  var scale = 1
  for _ in 0..<decimals { scale *= 10 }
  let scaled = Int((number * Double(scale)).rounded())
  guard decimals > 0 else { return "\(scaled)" }
  let fraction = String(abs(scaled) % scale)
  return "\(scaled < 0 ? "-" : "")\(abs(scaled) / scale)."
    + String(repeating: "0", count: decimals - fraction.count) + fraction
}
