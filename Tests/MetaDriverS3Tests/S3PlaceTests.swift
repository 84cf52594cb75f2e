#if HTTP
  import MetaDriver
  @testable import MetaDriverS3
  import Testing

  @Suite struct S3PlaceTests {
    private func place(
      bucket: String = "b", region: String = "eu-west-1", endpoint: String? = nil, prefix: String = "",
      addressing: S3Driver.Addressing = .path
    ) throws(DriverError) -> S3Place {
      try S3Place(bucket: bucket, region: region, endpoint: endpoint, prefix: prefix, addressing: addressing)
    }

    @Test("Both ways of addressing lead to the object")
    func addressing() throws {
      let amazon = try place()
      #expect(amazon.base + amazon.path(of: "k y") == "https://s3.eu-west-1.amazonaws.com/b/k%20y")
      #expect(amazon.path(of: nil) == "/b")
      let host = try place(endpoint: "https://Storage.Example:9000/", addressing: .virtualHost)
      #expect(host.base + host.path(of: "k") == "https://b.storage.example:9000/k")
      #expect(host.host == "b.storage.example:9000" && host.path(of: nil) == "/")
      let below = try place(endpoint: "http://[::1]:80/gate/s3", prefix: "/x//y/")
      #expect(below.base + below.path(of: below.prefix + "k") == "http://[::1]/gate/s3/b/x/y/k")
      #expect(below.host == "[::1]" && below.isPlain && below.isLocal)
    }

    @Test("What is no place is refused, and no secret in it is shown")
    func refusals() {
      for endpoint in [
        "", "storage.example", "ftp://x", "https://", "https:///b", "https://user:geheim@x", "https://x?geheim",
        "https://x#geheim", "https://x/../geheim", "http://x y", "https://x/a%20geheim", "HTTPS://x",
      ] {
        let error = #expect(throws: DriverError.self) { try place(endpoint: endpoint) }
        #expect(error?.code == .unsupported && error?.message.contains("geheim") == false, "\(endpoint)")
      }
      for bucket in ["", "a/b", "..", "a b", "a?b", "é"] {
        #expect(throws: DriverError.self) { try place(bucket: bucket) }
      }
      for region in ["", "eu west", "eu/west"] { #expect(throws: DriverError.self) { try place(region: region) } }
      for prefix in ["a/../b", ".", "a?b", "é", "a%b", "a\u{0}b"] {
        #expect(throws: DriverError.self) { try place(prefix: prefix) }
      }
    }
  }
#endif
