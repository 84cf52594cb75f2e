import MetaDriver
import Testing

@Suite struct OutlineTests {
  private func leaf(
    _ name: String?, kind: String = "DiskDriver", _ capabilities: Capabilities = .basic, domain: String? = nil,
    parameters: KeyValuePairs<String, String> = [:]
  ) -> Outline {
    Outline(
      leaf: Leaf(name, identity: name), kind: kind, capabilities: capabilities, domain: domain, parameters: parameters)
  }

  @Test("A tree draws a line for each node: kind, name, parameters, and the domain of a leaf")
  func drawing() {
    var quorum = Outline(
      composite: "Quorum", of: [leaf("eu", kind: "S3Driver", domain: "aws/eu"), leaf(nil)],
      access: Access(read: .atLeast(2, of: 2), write: .all(2)), parameters: ["read": "2", "write": "2"])
    quorum.name = "cloud"
    let tree = Outline(
      modifier: "ReadYourWrites",
      of: Outline(
        composite: "Replicated",
        of: [
          leaf("disk", parameters: ["capacity": "64 bytes", "": "durable"]),
          Outline(modifier: "Timeout", of: quorum, parameters: ["": "2 s"]), leaf("tape", domain: "attic"),
        ],
        access: Access(read: .any(3), write: .all(3))))
    #expect(
      "\(tree)" == """
        ReadYourWrites
        └─ Replicated
           ├─ DiskDriver "disk" (capacity: 64 bytes, durable)
           ├─ Timeout (2 s)
           │  └─ Quorum "cloud" (read: 2, write: 2)
           │     ├─ S3Driver "eu" (domain: aws/eu)
           │     └─ DiskDriver
           └─ DiskDriver "tape" (domain: attic)
        """)
  }

  @Test("A modifier can do what its base can, and passes on what holds for everything below it")
  func modifier() {
    var base = leaf("disk", [.get, .list], domain: "attic")
    base.marks = [.required, .localOnly, .verifying, .stamping, .ranking]
    let outline = Outline(modifier: "Logged", of: base)
    #expect(outline.capabilities == [.get, .list])
    #expect(outline.domain == "attic")
    #expect(outline.marks == [.required, .localOnly, .verifying])
    #expect(outline.children == [base])
    #expect(outline.leaf == nil)
    for kind in Key.Kind.allCases {
      #expect(outline.access(for: kind) == Access(read: .child(0), write: .child(0)))
    }
  }

  // A8, R9
  @Test("A composite can do what all its children can, unless it says otherwise")
  func composite() {
    let children = [leaf("a", [.get, .put, .list]), leaf("b", [.get, .put, .delete]), leaf("c", [.get, .put])]
    let access = Access(read: .any(3), write: .all(3))
    #expect(Outline(composite: "X", of: children, access: access).capabilities == [.get, .put])
    #expect(Outline(composite: "X", of: children, access: access, capabilities: .get).capabilities == .get)
    #expect(Outline(composite: "X", of: [], access: access).capabilities == [])
  }

  @Test("Access differs by kind where the node says so, and a leaf has none")
  func access() {
    var outline = Outline(
      composite: "ByKind", of: [leaf("a"), leaf("b")], access: Access(read: .child(0), write: .child(0)))
    outline.immutable = Access(read: .child(1), write: .child(1))
    #expect(outline.access(for: .mutable)?.write == .child(0))
    #expect(outline.access(for: .immutable)?.write == .child(1))
    #expect(leaf("a").access(for: .mutable) == nil)
  }

  @Test("A node is called by its name or kind in a path, by what it modifies in a report")
  func names() {
    let inner = Outline(modifier: "Timeout", of: Outline(modifier: "Retry", of: leaf("eu")))
    #expect(inner.component == "Timeout")
    #expect(inner.label == "eu")
    #expect(leaf(nil).component == "DiskDriver")
    #expect(leaf("eu").component == "eu")
    let pair = Outline(composite: "Quorum", of: [leaf("a"), leaf("b")], access: Access(read: .all(2), write: .all(2)))
    #expect(Outline(modifier: "Timeout", of: pair).label == "Quorum")
  }

  // R28
  @Test("A leaf's facts say which store it is and how its puts are ordered")
  func leafFacts() {
    let outline = Outline(leaf: Leaf("a", identity: "s3:a", ordering: .none), kind: "S3Driver", capabilities: .basic)
    #expect(outline.leaf?.identity == "s3:a")
    #expect(outline.leaf?.ordering == PutOrdering.none)
  }

  @Test("Two outlines of the same tree are equal, of a changed tree not")
  func equality() {
    #expect(leaf("a") == leaf("a"))
    #expect(leaf("a") != leaf("b"))
    #expect(leaf("a").hashValue == leaf("a").hashValue)
  }
}
