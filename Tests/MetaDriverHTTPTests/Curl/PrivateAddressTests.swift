#if HTTP
  @testable import MetaDriverHTTP
  import Testing

  struct PrivateAddressTests {
    @Test(
      "Addresses of private networks are",
      arguments: [
        "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1", "172.31.255.255", "192.0.0.1", "192.168.1.1", "198.18.0.1", "198.19.255.255", "224.0.0.1",
        "255.255.255.255", "::", "::1", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fdff::1", "ff02::1",
        "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2001:db8::1", "",
        "host",
      ])
    func isPrivate(address: String) { #expect(PrivateAddress.contains(address)) }

    @Test(
      "Addresses of the public internet are not",
      arguments: [
        "1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1",
        "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255", "192.169.0.0",
        "198.17.255.255", "198.20.0.0", "223.255.255.255", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101",
        "2002:101:101::", "2001:4860::8888",
      ])
    func isPublic(address: String) { #expect(!PrivateAddress.contains(address)) }

    @Test("Only spelled addresses and the names of this machine are private by their spelling")
    func spelling() {
      for host in ["127.0.0.1", "[::1]", "localhost", "a.localhost"] { #expect(PrivateAddress.isSpelled(host)) }
      for host in ["1.1.1.1", "[2606:4700::1111]", "example.com", "localhost.example.com", ""] {
        #expect(!PrivateAddress.isSpelled(host))
      }
    }
  }
#endif
