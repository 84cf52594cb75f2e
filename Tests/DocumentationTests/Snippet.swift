/// One Swift block of the documentation.
///
/// In a Markdown file, a comment in the line before the block says what is done with it:
///
/// | comment | the block |
/// |---|---|
/// | none | compiles as the body of an async throwing function, with the names of `SnippetProgram.names` |
/// | `<!-- snippet: declarations -->` | compiles at file scope; later blocks use what it declares |
/// | `<!-- snippet: prints -->` | compiles, is run, and prints exactly the text block that comes next |
/// | `<!-- snippet: prints, doubtful -->` | the same; its tree is there to show something else, and composing may warn of it |
/// | `<!-- snippet: fails, MESSAGE -->` | does not compile, and the compiler's message contains MESSAGE |
///
/// The trees that blocks compose are what readers build: composing warns of none of them, unless the page shows the warning.
///
/// In a doc comment there is no such comment, and `…` stands for what the reader supplies.
struct Snippet: Hashable, Sendable {
  /// What is done with a block.
  enum Purpose: Hashable, Sendable {
    case compiles
    case declares
    case prints(String)
    case fails(String)
  }

  /// The file, from the root of the package.
  let file: String
  /// The line of the first line of code, from 1.
  let line: Int
  /// The code.
  let code: [String]
  /// What is done with it.
  let purpose: Purpose
  /// Whether its tree is no recommendation.
  var isDoubtful = false

  /// Where it is, for reports.
  var place: String { "\(file):\(line)" }
}
