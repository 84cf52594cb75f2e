import MetaDriver
import Testing

@Suite struct CapabilitiesTests {
  @Test("Capabilities print in words")
  func description() {
    #expect(
      "\(Capabilities(rawValue: .max))"
        == "get, put, delete, list, stat, compare-and-put, make-url, get-url, compare-and-delete"
    )
    #expect("\(Capabilities.basic)" == "get, put, delete")
    #expect("\(Capabilities([]))" == "")
  }

  @Test("An operation either changes a store or asks it")
  func readsAndWrites() {
    #expect(Capabilities.reads.intersection(.writes) == [])
    #expect(
      Capabilities.reads.union(.writes)
        == [.get, .put, .delete, .list, .stat, .compareAndPut, .compareAndDelete, .makeURL, .getURL])
  }
}
