import MetaDriver
import MetaDriverAnalysis
import Testing

@Suite struct PicturesTests {
  private var analysis: Analysis {
    let leaf = { (name: String, domain: String?) in
      Outline(leaf: Leaf(name), kind: "Store", capabilities: .basic, domain: domain)
    }
    let eu = leaf("e\"u", "Europe")
    let tree = Outline(
      composite: "Tree", of: [leaf("disk", nil), eu, eu],
      access: Access(read: .child(0), write: .all([.child(0), .child(1)])), parameters: ["writes": "<all>"])
    return Analysis(of: tree)
  }

  @Test("A flowchart has each store once, frames its domain, and quotes what would be read as something else")
  func mermaid() {
    #expect(
      analysis.mermaid == """
        flowchart TD
          n0["Tree<br/>writes: #60;all#62;"]
          n1[("Store #34;disk#34;")]
          subgraph d0["Europe"]
            n2[("Store #34;e#34;u#34;")]
          end
          n0 --> n1
          n0 -->|writes| n2
          n0 -->|unused| n2

        """)
  }

  @Test("A graph has the same")
  func dot() {
    #expect(
      analysis.dot == #"""
        digraph tree {
          node [fontname="sans-serif"]
          n0 [label="Tree\nwrites: <all>", shape=box]
          n1 [label="Store \"disk\"", shape=cylinder]
          subgraph cluster0 {
            label="Europe"
            n2 [label="Store \"e\"u\"", shape=cylinder]
          }
          n0 -> n1
          n0 -> n2 [label="writes"]
          n0 -> n2 [label="unused"]
        }

        """#)
  }

  @Test("What no other client sees is dashed")
  func localOnly() {
    let analysis = MemoryDriver("cache").localOnly().analysis
    #expect(analysis.mermaid.contains("style n1 stroke-dasharray: 4"))
    #expect(analysis.dot.contains("style=dashed"))
  }
}
