/// A tree of drivers as plain data: what is printed, checked and drawn. Execution never reads it.
///
/// ```swift
/// let ofLeaf = Outline(leaf: leaf, kind: "KeychainDriver", capabilities: .basic)
/// let ofModifier = Outline(modifier: "Logged", of: base.outline)
/// let ofComposite = Outline(
///   composite: "PrimaryOnly", of: children, access: Access(read: .child(0), write: .all(children.count)))
/// ```
///
/// - Important: Secrets never enter an outline.
public struct Outline: Hashable, Sendable {
  /// A parameter of a node, as it is printed.
  public struct Parameter: Hashable, Sendable {
    /// The parameter's name; empty for one that needs none.
    public let name: String
    /// Its value.
    public let value: String
  }

  /// What a leaf says of its store.
  public struct LeafFacts: Hashable, Sendable {
    /// Which store it is: two leaves with one identity are one leaf.
    public let identity: String
    /// How puts of one key are ordered.
    public let ordering: PutOrdering
    /// Whether another process knows the store by the same identity.
    package let isLasting: Bool
  }

  /// Roles of a node within the tree.
  public struct Marks: OptionSet, Hashable, Sendable {
    /// The marks as bits.
    public let rawValue: UInt16
    /// Makes marks of bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
    /// The child must accept the write.
    public static let required = Marks(rawValue: 1)
    /// No other client sees the data below this node.
    public static let localOnly = Marks(rawValue: 2)
    /// The node stamps the records it writes, so that copies can be ranked.
    public static let stamping = Marks(rawValue: 4)
    /// A bad copy below this node is found out.
    public static let verifying = Marks(rawValue: 8)
    /// Of the copies that the children answer with, a read gives the newest.
    public static let ranking = Marks(rawValue: 16)
    /// A read makes sure that a write's worth of children hold its answer, so that no later one finds anything older.
    public static let writingBack = Marks(rawValue: 32)
    /// A session that goes through this node never misses its own writes.
    public static let readYourWrites = Marks(rawValue: 64)
    /// The reads of a session that goes through this node never go back.
    public static let monotonicReads = Marks(rawValue: 128)
    /// A write that comes without a stamp, and with a wish for order (``Context/ordered(above:)``), is stamped by this
    /// node or by one below, and the receipt has the stamp. A node without this mark is given stamped records.
    public static let ordering = Marks(rawValue: 256)
    /// The node sends one record to several children, and is where a record is stamped that comes in order and without a
    /// stamp.
    public static let replicating = Marks(rawValue: 512)
    /// The node takes it that one writer at a time writes a key.
    public static let oneWriter = Marks(rawValue: 1_024)
    /// The node keeps writes that its child did not take, and answers with them, unless a node above counts answers.
    public static let queueing = Marks(rawValue: 2_048)
    /// The node counts answers as what the stores below hold (``Context/isCounting``).
    public static let counting = Marks(rawValue: 4_096)
    /// The node asks none of the children that the caller leaves out (``Context/leavesOut(_:)``). A call that leaves out a
    /// child of a node without this mark is refused.
    public static let omitting = Marks(rawValue: 8_192)
  }

  /// The type of the node, as it is written in the DSL.
  public var kind: String
  /// The name its author gave it.
  public var name: String?
  /// Its parameters, in the order in which they are printed.
  public var parameters: [Parameter] = []
  /// What it can do.
  public var capabilities: Capabilities
  /// What fails together: a region, a disk, a device. `nil` for a node that does not say.
  public var domain: String?
  /// What a leaf says of its store; `nil` for a node with children.
  public var leaf: LeafFacts?
  /// Its roles.
  public var marks: Marks = []
  /// How long an operation may take here; `nil` for as long as it takes.
  public var timeout: Duration?
  /// Which children operations on mutable data need; `nil` for a leaf.
  public var mutable: Access?
  /// Which children operations on immutable data need; `nil` for a leaf.
  public var immutable: Access?
  /// What the node itself finds wrong or doubtful with the way it was composed.
  public var remarks: [Remark] = []
  /// What the node takes away although its children have it, and why.
  var withheld: [Withheld] = []
  /// The stores in which the node keeps a queue of its own.
  var queueStores: Set<String> = []
  /// The nodes below.
  public var children: [Outline] = []
  /// Whether the node is about its one child, rather than a composite that happens to have one.
  package private(set) var isModifier = false

  /// Describes a leaf.
  public init(
    leaf: Leaf, kind: String, capabilities: Capabilities, domain: String? = nil,
    parameters: KeyValuePairs<String, String> = [:]
  ) {
    self.kind = kind
    self.name = leaf.name
    self.capabilities = capabilities
    self.domain = domain
    self.leaf = LeafFacts(identity: leaf.identity, ordering: leaf.ordering, isLasting: leaf.isLasting)
    self.parameters = parameters.map { Parameter(name: $0.key, value: $0.value) }
  }

  /// Describes a node with one child: what the child can do, it can do.
  public init(modifier kind: String, of base: Outline, parameters: KeyValuePairs<String, String> = [:]) {
    self.kind = kind
    self.capabilities = base.capabilities
    self.domain = base.domain
    self.marks = base.marks.intersection([.required, .localOnly, .verifying])
    self.mutable = Access(read: .child(0), write: .child(0))
    self.immutable = mutable
    self.parameters = parameters.map { Parameter(name: $0.key, value: $0.value) }
    self.children = [base]
    self.isModifier = true
  }

  /// Describes a node with several children.
  ///
  /// - Parameters:
  ///   - kind: The type of the node.
  ///   - children: The outlines of the children, in their order.
  ///   - access: Which children an operation needs.
  ///   - capabilities: What it can do; what every child can do when it is not given.
  ///   - parameters: What to print behind the kind.
  public init(
    composite kind: String, of children: [Outline], access: Access, capabilities: Capabilities? = nil,
    parameters: KeyValuePairs<String, String> = [:]
  ) {
    self.kind = kind
    self.capabilities =
      capabilities
      ?? children.dropFirst().reduce(children.first?.capabilities ?? []) { $0.intersection($1.capabilities) }
    self.mutable = access
    self.immutable = access
    self.parameters = parameters.map { Parameter(name: $0.key, value: $0.value) }
    self.children = children
  }

  /// How the node is called in a path: its name, or its kind.
  public var component: String { name ?? kind }

  /// How the node is called in a report: its name, the name of what it modifies, or its kind.
  public var label: String { name ?? (isModifier ? children[0].label : kind) }

  /// Which children an operation on one kind of data needs.
  public func access(for kind: Key.Kind) -> Access? { kind == .mutable ? mutable : immutable }
}

extension Outline: CustomStringConvertible {
  /// The tree, a line for each node.
  public var description: String {
    TextTree.draw(self, line: \.line, children: \.children, inner: \.line)
  }

  /// The node alone.
  package var line: String {
    var text = kind
    if let name { text += " \"\(name)\"" }
    var details = parameters.map { $0.name.isEmpty ? $0.value : "\($0.name): \($0.value)" }
    if let domain, leaf != nil { details.append("domain: \(domain)") }
    return details.isEmpty ? text : text + " (\(details.joined(separator: ", ")))"
  }
}
