/// Finds the Swift blocks of one file. Pure.
struct SnippetScanner {
  /// What is wrong with the way a block is marked.
  struct Mistake: Error, CustomStringConvertible {
    let description: String
  }

  private struct Block {
    let info: String
    let firstLine: Int
    var code: [String] = []
    let mark: String?
  }

  /// The Swift blocks of a Markdown file.
  static func snippets(ofMarkdown text: String, file: String) throws -> [Snippet] {
    let blocks = blocks(text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init))
    return try blocks.indices.compactMap { index in
      let block = blocks[index]
      let place = "\(file):\(block.firstLine)"
      guard block.info == "swift" else {
        if block.mark != nil { throw Mistake(description: "\(place): a mark before a block that is not Swift") }
        return nil
      }
      let purpose: Snippet.Purpose
      switch block.mark {
      case nil: purpose = .compiles
      case "declarations": purpose = .declares
      case "prints", "prints, doubtful":
        guard index + 1 < blocks.count, blocks[index + 1].info == "text" else {
          throw Mistake(description: "\(place): a block that prints needs a text block after it")
        }
        purpose = .prints(blocks[index + 1].code.joined(separator: "\n"))
      case let mark? where mark.hasPrefix("fails, "): purpose = .fails(String(mark.dropFirst("fails, ".count)))
      case let mark?: throw Mistake(description: "\(place): nobody knows what \"\(mark)\" means")
      }
      return Snippet(
        file: file, line: block.firstLine, code: block.code, purpose: purpose,
        isDoubtful: block.mark?.hasSuffix(", doubtful") ?? false)
    }
  }

  /// The Swift blocks in the doc comments of a Swift file.
  static func snippets(ofSource text: String, file: String) -> [Snippet] {
    let comments = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      let line = line.drop { $0 == " " }
      guard line.hasPrefix("///") else { return "" }
      let comment = line.dropFirst(3)
      return String(comment.first == " " ? comment.dropFirst() : comment)
    }
    return blocks(comments).filter { $0.info == "swift" }.map { block in
      Snippet(file: file, line: block.firstLine, code: block.code.map(filled), purpose: .compiles)
    }
  }

  /// A line with something in the place of what the reader supplies.
  private static func filled(_ line: String) -> String {
    guard line.contains("…"), !line.contains("// ") || line.contains("{ … }") else { return line }
    let body = line.contains("func ") || line.contains("if ") ? "{ fatalError() }" : "{ disk }"
    return line.replacing("{ … }", with: body).replacing(/^ *…$/, with: "")
  }

  private static func blocks(_ lines: [String]) -> [Block] {
    var blocks: [Block] = []
    var open: Block?
    var mark: String?
    for (index, line) in lines.enumerated() {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          open = Block(info: String(line.dropFirst(3)), firstLine: index + 2, mark: mark)
        }
        mark = nil
      } else if open != nil {
        open?.code.append(line)
      } else if let match = line.wholeMatch(of: /<!-- snippet: (.*) -->/) {
        mark = String(match.1)
      } else if !line.isEmpty {
        mark = nil
      }
    }
    return blocks
  }
}
