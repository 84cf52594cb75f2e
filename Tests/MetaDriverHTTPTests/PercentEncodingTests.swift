#if HTTP
  @testable import MetaDriverHTTP
  import Testing

  struct PercentEncodingTests {
    @Test("Every byte comes back, and only what an address can have is written")
    func bytes() {
      for value in UInt8.min...127 {
        let text = "x\(Unicode.Scalar(value))é"
        let encoded = PercentEncoding.encode(text)
        #expect(PercentEncoding.decode(encoded)?.utf8.elementsEqual(text.utf8) == true)
        #expect(encoded.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f })
      }
      #expect(PercentEncoding.encode("a/b c") == "a/b%20c")
      #expect(PercentEncoding.encode("a/b c", keeping: "") == "a%2Fb%20c")
    }

    @Test("Broken escapes are refused", arguments: ["%", "%4", "%zz", "%ff"])
    func broken(text: String) { #expect(PercentEncoding.decode(text) == nil) }
  }
#endif
