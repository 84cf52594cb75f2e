/// The state as it is stored.
extension MigrationState {
  private static let version: UInt8 = 1
  /// The phases by their numbers in documents, which never change.
  private static let phases: [Migration.Phase] = [
    .notBegun, .copying, .verifying, .verified, .switched, .retired, .aborted,
  ]

  /// - Parameter edit: A number that no other document has, by which whoever wrote it knows it again.
  func document(of migration: String, edit: UInt64) -> [UInt8] {
    var document = Document(.migration, version: Self.version)
    document.append(migration)
    document.append(edit)
    document.append(UInt64(Self.phases.firstIndex(of: phase) ?? 0))
    document.append(position.kind == .mutable ? 0 : 1 as UInt64)
    document.append(position.last?.name ?? "")
    for count in [copied, compared, repaired] { document.append(count) }
    return document.finished()
  }

  init(document: [UInt8], of migration: String) throws(DriverError) {
    var reader = try Document.Reader(document, .migration, version: Self.version)
    let name = try reader.text()
    guard name == migration else {
      throw DriverError(.corrupt, "what is stored is the state of the migration \(quoted(name))")
    }
    _ = try reader.number()
    let number = try reader.number()
    guard number < UInt64(Self.phases.count) else {
      throw DriverError(.corrupt, "the stored migration state has the phase \(number), which there is not")
    }
    let kind: Key.Kind = try reader.number() == 0 ? .mutable : .immutable
    let last = try reader.text()
    let position = Position(kind: kind, last: last.isEmpty ? nil : try Key(kind, name: last))
    self.init(
      Self.phases[Int(number)], position: position, copied: try reader.number(), compared: try reader.number(),
      repaired: try reader.number())
    try reader.finish()
  }
}
