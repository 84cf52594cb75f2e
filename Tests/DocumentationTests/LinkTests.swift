private import Foundation
import Testing

@Suite struct LinkTests {
  @Test("Every link from one page to another leads to a file")
  func links() throws {
    var count = 0
    for page in try Documentation.files() where page.hasSuffix(".md") {
      let folder = URL(filePath: "\(BuildFolder.package)/\(page)").deletingLastPathComponent()
      for link in try Documentation.text(of: page).matches(of: /\]\(([^)#:]+)[^):]*\)/) {
        let target = folder.appending(path: String(link.1)).standardizedFileURL
        let isThere = FileManager.default.fileExists(atPath: target.path)
        #expect(isThere, "\(page) links to \(link.1)")
        count += 1
      }
    }
    #expect(count > 20, "only \(count) links were found")
  }
}
