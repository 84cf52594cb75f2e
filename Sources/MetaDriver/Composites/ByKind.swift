/// One tree for mutable data, another for immutable data.
///
/// ```swift
/// ByKind {
///   Quorum(read: 2, write: 2) { a; b; c }
/// } immutable: {
///   Replicated(writes: .atLeast(1)) { a.verified(); cdn.verified() }
/// }
/// ```
///
/// Each operation goes to the tree of its key's kind, and costs one call more. A URL is asked of the tree that handles
/// it, the mutable one first.
public struct ByKind<Mutable: Driver, Immutable: Driver>: Driver {
  private let mutable: Mutable
  private let immutable: Immutable
  /// The tree below this node.
  public let outline: Outline

  /// Combines two trees.
  public init(
    @ModifierBuilder mutable: () -> Mutable, @ModifierBuilder immutable: () -> Immutable
  ) {
    self.mutable = mutable()
    self.immutable = immutable()
    let outlines = [self.mutable.outline, self.immutable.outline]
    var outline = Outline(composite: "ByKind", of: outlines, access: Access(read: .child(0), write: .child(0)))
    outline.immutable = Access(read: .child(1), write: .child(1))
    // An operation that one of the trees lacks is refused by that tree, for data of its kind.
    outline.capabilities = outlines[0].capabilities.union(outlines[1].capabilities)
    outline.parameters = [.init(name: "", value: "mutable, immutable")]
    outline.marks.insert(.omitting)
    if outlines.contains(where: \.takesOrder) { outline.marks.insert(.ordering) }
    self.outline = outline
  }

  private func check(_ kind: Key.Kind, _ context: Context) throws(DriverError) {
    guard context.omitting != nil else { return }
    try context.checkOmission(of: outline.labelsOfChildren[kind == .mutable ? 0 : 1])
  }

  /// Reads from the tree of the key's kind.
  public func get(_ key: Key, in context: Context) async throws(DriverError) -> Record? {
    try check(key.kind, context)
    return switch key.kind {
    case .mutable: try await context.get(key, from: mutable, at: 0, label: mutable.outline.component)
    case .immutable: try await context.get(key, from: immutable, at: 1, label: immutable.outline.component)
    }
  }

  /// Writes to the tree of the key's kind.
  public func put(_ record: Record, at key: Key, in context: Context) async throws(DriverError) -> Receipt {
    try check(key.kind, context)
    return switch key.kind {
    case .mutable: try await context.put(record, at: key, to: mutable, at: 0, label: mutable.outline.component)
    case .immutable: try await context.put(record, at: key, to: immutable, at: 1, label: immutable.outline.component)
    }
  }

  /// Writes to the tree of the key's kind, if a condition holds there.
  public func put(
    _ record: Record, at key: Key, if condition: Precondition, in context: Context
  ) async throws(DriverError) -> Receipt {
    try check(key.kind, context)
    return switch key.kind {
    case .mutable:
      try await context.put(record, at: key, if: condition, to: mutable, at: 0, label: mutable.outline.component)
    case .immutable:
      try await context.put(record, at: key, if: condition, to: immutable, at: 1, label: immutable.outline.component)
    }
  }

  /// Deletes in the tree of the key's kind.
  public func delete(_ key: Key, proof: DeletionProof?, in context: Context) async throws(DriverError) -> Receipt {
    try check(key.kind, context)
    return switch key.kind {
    case .mutable: try await context.delete(key, proof: proof, from: mutable, at: 0, label: mutable.outline.component)
    case .immutable:
      try await context.delete(key, proof: proof, from: immutable, at: 1, label: immutable.outline.component)
    }
  }

  /// Deletes in the tree of the key's kind, if a condition holds there.
  public func delete(_ key: Key, if condition: Precondition, in context: Context) async throws(DriverError) -> Receipt {
    try check(key.kind, context)
    return switch key.kind {
    case .mutable:
      try await context.delete(key, if: condition, from: mutable, at: 0, label: mutable.outline.component)
    case .immutable:
      try await context.delete(key, if: condition, from: immutable, at: 1, label: immutable.outline.component)
    }
  }

  /// Lists the tree of the kind asked for.
  public func list(_ request: ListRequest, in context: Context) async throws(DriverError) -> Page {
    try check(request.kind, context)
    return switch request.kind {
    case .mutable: try await context.list(request, from: mutable, at: 0, label: mutable.outline.component)
    case .immutable: try await context.list(request, from: immutable, at: 1, label: immutable.outline.component)
    }
  }

  /// Asks the tree of the key's kind.
  public func stat(_ key: Key, in context: Context) async throws(DriverError) -> Stat? {
    try check(key.kind, context)
    return switch key.kind {
    case .mutable: try await context.stat(key, from: mutable, at: 0, label: mutable.outline.component)
    case .immutable: try await context.stat(key, from: immutable, at: 1, label: immutable.outline.component)
    }
  }

  /// Opens both trees; fails only when neither opens.
  public func open(in context: Context) async throws(DriverError) -> Receipt { try await both.open(in: context) }

  /// Closes both trees.
  public func close(in context: Context) async throws(DriverError) { try await both.close(in: context) }

  private var both: Children { Children([mutable, immutable]) }

  /// The URL that the tree of the key's kind makes.
  public func url(for key: Key) -> StorageURL? {
    key.kind == .mutable ? mutable.url(for: key) : immutable.url(for: key)
  }

  /// Whether one of the trees answers for a URL.
  public func handles(_ url: StorageURL) -> Bool { mutable.handles(url) || immutable.handles(url) }

  /// Asks the trees that answer for one of the URLs, the mutable one first.
  public func get(_ urls: [StorageURL], in context: Context) async throws(DriverError) -> Record? {
    try await both.get(urls, in: context)
  }
}
