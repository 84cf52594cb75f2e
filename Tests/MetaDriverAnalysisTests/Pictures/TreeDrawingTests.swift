import MetaDriver
import Testing

@testable import MetaDriverAnalysis

@Suite struct TreeDrawingTests {
  private func page(_ outline: Outline) throws -> Page { try Page(Analysis(of: outline).svg) }

  @Test("A picture stands alone, and says what it shows to who cannot see it")
  func alone() throws {
    let page = try page(PictureTrees.quorum(1, 2, [PictureTrees.leaf("a"), PictureTrees.leaf("b")]))
    let svg = page.elements[0]
    #expect(svg.name == "svg" && svg.attributes["role"] == "img" && svg.has("metadriver"))
    #expect(svg.attributes["aria-label"] == "Tree of 1 node over 2 stores: a, b")
    #expect(page.elements[1].name == "title" && page.elements[1].text == svg.attributes["aria-label"])
    #expect(page.texts("style")[0].contains("prefers-color-scheme:dark"))
    #expect(page.texts("text", "title") == ["Quorum", "a", "b"])
    #expect(page.texts("text").contains("read: 1, write: 2"))
    #expect(
      page.all("g", "leaf").count == 2 && page.all("path", "lid").count == 2 && page.all("path", "edge").count == 2)
  }

  @Test("Leaves of one domain have its colour and number, which the legend names")
  func domains() throws {
    let leaves = [("a", "eu"), ("b", "us"), ("c", "eu")].map { PictureTrees.leaf($0.0, $0.1) }
    let page = try page(PictureTrees.quorum(2, 2, leaves))
    #expect(page.all("g", "d0").count == 3 && page.all("g", "d1").count == 2)
    #expect(page.texts("text", "number") == ["1", "2", "1", "1", "2"])
    #expect(page.texts("text", "key") == ["eu", "us"])
  }

  @Test("What no other client sees is dashed with all below it, and the legend says so")
  func localOnly() throws {
    let tree = PictureTrees.quorum(
      1, 1, [Outline(modifier: "Timeout", of: PictureTrees.leaf("a")), PictureTrees.leaf("b")])
    var local = tree
    local.children[0].marks.insert(.localOnly)
    #expect(try page(tree).all("path", "local").isEmpty && page(tree).texts("text", "key").isEmpty)
    let page = try page(local)
    #expect(page.all("g", "local").count == 2)
    // Two edges, and the one in the legend.
    #expect(page.all("path", "local").count == 3)
    #expect(page.texts("text", "key") == ["seen by this client only"])
  }

  @Test("An edge says when only reads or writes go along it, and a store that stands twice has two edges")
  func traffic() throws {
    let (a, b) = (PictureTrees.leaf("a"), PictureTrees.leaf("b"))
    let page = try page(
      Outline(composite: "Node", of: [a, b, a], access: Access(read: .child(0), write: .all([.child(1), .child(2)]))))
    #expect(page.texts("text", "traffic") == ["reads", "writes", "writes"])
    #expect(page.all("path", "edge").count == 3 && page.all("g", "leaf").count == 2)
    // They end beside one another.
    #expect(
      Set(page.all("path", "edge").compactMap { $0.attributes["d"]?.split(separator: " ").suffix(2).joined() }).count
        == 3)
  }

  @Test("Names are read as they are, and long ones are shortened, with the whole in the tooltip")
  func names() throws {
    let long = String(repeating: "very long ", count: 20)
    let page = try page(
      PictureTrees.quorum(1, 1, [PictureTrees.leaf(PictureTrees.nasty, "<eu>"), PictureTrees.leaf(long)]))
    #expect(page.texts("text", "title").contains(PictureTrees.read))
    #expect(page.texts("text", "key") == ["<eu>"])
    #expect(page.texts("text", "title").contains("very long very long very …"))
    #expect(page.texts("title").contains { $0.contains(long) })
  }

  @Test(
    "Trees of chance are drawn with every store and every edge, the same each time", arguments: 0..<100 as Range<UInt64>
  )
  func chance(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let outline = PictureTrees.random(&generator)
    let graph = OutlineGraph(outline, kind: .mutable)
    let page = try page(outline)
    #expect(page.all("g", "leaf").count == graph.nodes.count(where: \.isLeaf))
    #expect(page.all("g", "node").count == graph.nodes.count)
    #expect(page.all("path", "edge").count >= graph.edges.count)
    #expect(Analysis(of: outline).svg == Analysis(of: outline).svg)
  }

  @Test("A leaf alone, and forty of them", arguments: [1, 40])
  func sizes(count: Int) throws {
    let outline = count == 1 ? PictureTrees.leaf("a") : PictureTrees.wide(count)
    let page = try page(outline)
    #expect(page.all("g", "leaf").count == count)
    let width = try #require(page.elements[0].attributes["width"].flatMap(Double.init))
    #expect(width < 1_200)
  }
}
