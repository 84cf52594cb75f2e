import MetaDriver

/// Prints the tour: the same words on every machine and at every hour.
struct Tour {
  private let folder: TemporaryFolder

  init(_ folder: TemporaryFolder) { self.folder = folder }

  func caption(_ text: String) { print("\n# \(text)\n") }

  /// What something says of itself, the temporary folder's own name left out.
  func show(_ subject: some CustomStringConvertible) {
    print(subject.description.replacing(folder.path, with: "/stores"))
  }

  /// What went wrong, whether anything may have changed all the same, and what became of each child.
  func show(_ error: DriverError) {
    show("\(error.code), effect \(error.effect): \(error.message)")
    for outcome in error.outcomes { show("  \(outcome)") }
  }

  /// A datum as text, or that there is none.
  func show(_ record: Record?) { print(record.map { String(decoding: $0.bytes, as: UTF8.self) } ?? "nothing stored") }
}
