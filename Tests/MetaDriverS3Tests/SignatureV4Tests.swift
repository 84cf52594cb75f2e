#if HTTP
  import MetaDriver
  @testable import MetaDriverS3
  import Testing

  @Suite struct SignatureV4Tests {
    /// One request and the signature that belongs to it.
    struct Vector: Sendable {
      var name: String
      var method = "GET"
      var path = "/"
      var query: [(String, String)] = []
      var headers: [(String, String)] = []
      var payloadHash = SignatureV4Tests.emptyHash
      var signature: String
    }

    static let emptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private func signature(
      of vector: Vector, secret: String, region: String, service: String, seconds: Int
    ) -> (authorization: String, timestamp: String) {
      let credentials = S3Credentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: Secret(secret))
      let signer = SignatureV4(credentials: credentials, region: region, service: service, time: .seconds(seconds))
      var headers = vector.headers + [("x-amz-date", signer.timestamp)]
      if service == "s3" { headers.append(("x-amz-content-sha256", vector.payloadHash)) }
      let text = signer.authorization(
        method: vector.method, path: vector.path, query: vector.query, headers: headers,
        payloadHash: vector.payloadHash, key: SignatureV4.SigningKey(of: signer))
      return (text, signer.timestamp)
    }

    /// The examples of the Amazon S3 API Reference, *Signature Calculations for the Authorization Header*.
    static let published: [Vector] = [
      Vector(
        name: "get object", path: "/test.txt", headers: [("Range", "bytes=0-9")],
        signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
      Vector(
        name: "put object", method: "PUT", path: "/test%24file.text",
        headers: [("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
        payloadHash: "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
      Vector(
        name: "get bucket lifecycle", query: [("lifecycle", "")],
        signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
      Vector(
        name: "list objects", query: [("prefix", "J"), ("max-keys", "2")],
        signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ]

    @Test("Requests are signed as the S3 examples have it", arguments: published)
    func s3Examples(vector: Vector) {
      var vector = vector
      vector.headers.append(("host", "examplebucket.s3.amazonaws.com"))
      let (text, timestamp) = signature(
        of: vector, secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", region: "us-east-1", service: "s3",
        seconds: 1_369_353_600)
      #expect(timestamp == "20130524T000000Z")
      #expect(text.hasSuffix("Signature=\(vector.signature)"), "\(vector.name)")
    }

    /// The published test suite of the signature process.
    static let suite: [Vector] = [
      Vector(name: "vanilla", signature: "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
      Vector(
        name: "vanilla-empty-query-key", query: [("Param1", "value1")],
        signature: "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
      Vector(
        name: "vanilla-query-order-key-case", query: [("Param2", "value2"), ("Param1", "value1")],
        signature: "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
      Vector(
        name: "vanilla-query-order-value", query: [("Param1", "value2"), ("Param1", "value1")],
        signature: "5772eed61e12b33fae39ee5e7012498b51d56abc0abb7c60486157bd471c4694"),
      Vector(
        name: "unreserved", path: "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
        signature: "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
      Vector(
        name: "utf8", path: "/%E1%88%B4", signature: "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
      Vector(
        name: "vanilla-utf8-query", query: [("\u{1234}", "bar")],
        signature: "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
      Vector(
        name: "post-vanilla", method: "POST",
        signature: "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
      Vector(
        name: "header-value-trim", headers: [("My-Header1", " value1"), ("My-Header2", " \"a   b   c\"")],
        signature: "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
      Vector(
        name: "header-key-duplicate",
        headers: [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
        signature: "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
      Vector(
        name: "header-value-order",
        headers: [
          ("My-Header1", "value4"), ("My-Header1", "value1"), ("My-Header1", "value3"), ("My-Header1", "value2"),
        ],
        signature: "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
      Vector(
        name: "post-x-www-form-urlencoded", method: "POST",
        headers: [("Content-Type", "application/x-www-form-urlencoded")],
        payloadHash: "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
        signature: "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
    ]

    @Test("Requests are signed as the test suite has it", arguments: suite)
    func testSuite(vector: Vector) {
      var vector = vector
      vector.headers.append(("host", "example.amazonaws.com"))
      let (text, timestamp) = signature(
        of: vector, secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: "us-east-1", service: "service",
        seconds: 1_440_938_160)
      #expect(timestamp == "20150830T123600Z")
      #expect(text.hasSuffix("Signature=\(vector.signature)"), "\(vector.name)")
    }

    /// Names and queries that are easily encoded wrongly, signed by another implementation.
    static let odd: [(key: String, signature: String)] = [
      ("a b", "f9986de78135df5e7846a667f39a684fededaf057b37d58afca4e1b451eb7388"),
      ("a//b", "3694c29b37695cda893ab0223402470cc6a803286325a23564d654a04af5fbc1"),
      ("a+b", "87afe1275497b87b52bce58ac95bbe0578d5ec264142681e0dd7beb8ef3ca036"),
      ("a%b", "b18905fca60a080db38fca6cbd6047e0475eb29a0a258200fd8b6dc9c087ad89"),
      ("a=b", "acff2d31499a57fb7fa241c9d39d342a7e100695e64da530545d46c81efbb413"),
      ("é", "365fb6f7442e8774a9acd4cb7b50d53d55deeeaee31bb8c631fe00518846801c"),
      ("~", "66ebc1149b4761c42423f4655a8ca717fa14a92516916074fdbe305f57e37fc9"),
      ("a%2Fb", "01314b372ee311641853269393ff3886e014c4a8ea50a717f3a4644ff7723f5a"),
      ("a&b?c#d", "88811c083e10fbd47f4dabe336e3ed3a07340f60974600c0cb102503879cd804"),
      ("!'()*", "0fb17b9fa357eeccf24a3755612d04e6908c723fc6c1c11a1ddc9950137c51bc"),
      ("日本", "c2f6e1604758d42375dd8418c4bcfc4b0d019b65bd3d46a745c55baae1b746b7"),
      ("a:b@c", "061131d4c01ec55b856b98a0be726e773f70df1051acd99fcbd7c5058c0b6152"),
      (";,$", "60a1f99f69406947693d6a83054b4d6bd62cfa08caf79c6b6ef4230a8b284100"),
      ("\\|^`{}[]<>\"", "885d4173a4c781be369296bab96f72213e5749e70c3508655e0181c452abdeee"),
      ("-._~", "b0ebe755c7bc56ceee2f02c422b405423877334eabec0a39b0822946f59d715e"),
      ("plain/key.txt", "bf836005b884db05d0794faeded4edd25c80d61e3c2142c4bb4b18bf0e52b893"),
    ]

    @Test("Odd names are signed as everybody signs them", arguments: odd)
    func oddNames(key: String, expected: String) {
      let vector = Vector(
        name: key, path: "/bucket/" + SignatureV4.encoded(key, keepsSlashes: true),
        headers: [("host", "storage.example:9000")], signature: expected)
      #expect(sign(vector).hasSuffix("Signature=\(expected)"))
    }

    static let queries: [(query: [(String, String)], signature: String)] = [
      ([], "f3b3bfe8fafb40212519976484e65b68b76dc0ba06fd09e02a8598f40adadbcf"),
      (
        [("list-type", "2"), ("prefix", "a b/é"), ("max-keys", "2"), ("start-after", "a+b=c&d")],
        "73bf98ce97947c0d7a2a668c9fecbc37f2f3e6b4d2e04137c91cd84ee2e278ad"
      ),
      ([("uploads", "")], "dba2bc84a35f42b2cffde6132bb20ae91d45107942f8d816685d2be0e9280716"),
      (
        [("partNumber", "1"), ("uploadId", "VXBsb2FkIElE~+/=")],
        "faa65e63cc47de7dc21a38dfd8c1310f796888116230130a28e730e185e62eed"
      ),
      (
        [("b", ""), ("a", "z"), ("a", "b"), ("A", "1")],
        "302ec4819ad93df39f93fbe7ac832ca0e99df84af643c2d2c9589b63c214f6fb"
      ),
    ]

    @Test("Odd queries are signed as everybody signs them", arguments: queries.indices)
    func oddQueries(number: Int) {
      let (query, expected) = Self.queries[number]
      let vector = Vector(
        name: "query", path: "/bucket/k", query: query, headers: [("host", "storage.example:9000")],
        signature: expected)
      #expect(sign(vector).hasSuffix("Signature=\(expected)"))
    }

    @Test("A session token is signed with the rest")
    func token() {
      let vector = Vector(
        name: "token", path: "/bucket/k",
        headers: [("host", "storage.example:9000"), ("x-amz-security-token", "tok/en+==")], signature: "")
      #expect(
        sign(vector)
          == "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261123/eu-west-1/s3/aws4_request, "
          + "SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, "
          + "Signature=d2d339a109a044579f56b22589ec5ca0ca41d44fc8cc69fcd8a8b2b13c63a517")
    }

    private func sign(_ vector: Vector) -> String {
      signature(
        of: vector, secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", region: "eu-west-1", service: "s3",
        seconds: 1_795_406_362
      ).authorization
    }
  }
#endif
