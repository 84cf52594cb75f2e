import Testing

@testable import MetaDriverAnalysis

@Suite struct MarkupTests {
  @Test("Texts are read as they are, whatever they hold, and what no reader may see is replaced")
  func escaping() throws {
    let markup = Markup.element("p", ["title": PictureTrees.nasty], [.text(PictureTrees.nasty)])
    let page = try Page(markup.rendered)
    #expect(page.elements[0].text == PictureTrees.read)
    #expect(page.elements[0].attributes["title"] == PictureTrees.read)
  }

  @Test("Every scalar that could break a reader is replaced", arguments: 0...0x11_0000 / 4096)
  func scalars(block: UInt32) throws {
    let scalars = (block * 4096..<(block + 1) * 4096).compactMap(Unicode.Scalar.init)
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    guard !text.isEmpty else { return }
    _ = try Page(Markup.element("p", ["title": text], [.text(text)]).rendered)
  }

  @Test("Only what HTML knows to be empty is closed at once")
  func empty() {
    #expect(Markup.element("p").rendered == "<p></p>")
    #expect(Markup.element("meta", ["charset": "utf-8"]).rendered == "<meta charset=\"utf-8\"/>")
  }

  @Test("What is shortened ends with an ellipsis, and what fits is left alone")
  func shortening() {
    #expect("abcdef".shortened(to: 6) == "abcdef")
    #expect("abcdefg".shortened(to: 6) == "abcde…")
    #expect("".shortened(to: 6) == "")
    let accents = "a" + String(repeating: "\u{301}", count: 10_000)
    #expect(accents.shortened(to: 6).unicodeScalars.count <= 25)
  }

  @Test(
    "Numbers are written without what is not needed",
    arguments: [
      (0, 1, "0"), (1.25, 1, "1.3"), (-0.04, 1, "0"), (-2.5, 1, "-2.5"), (10, 2, "10"), (0.05, 2, "0.05"),
      (3.999, 2, "4"), (1e300, 1, "1e+300"),
    ])
  func numbers(value: Double, places: Int, text: String) { #expect(value.decimal(places) == text) }
}
