#if HTTP
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverS3
  import ServerSupport

  extension Server {
    /// The credentials that the server was started with.
    var credentials: S3Credentials {
      S3Credentials(accessKeyID: fact("key"), secretAccessKey: Secret(fact("secret")))
    }

    /// A driver of a part of the server's bucket in which nothing is; by way of another address, if one is given.
    func driver(
      _ name: String? = "s3", prefix: String = "t/\(UInt64.random(in: 0...UInt64.max))",
      credentials: S3Driver.CredentialSource? = nil, stamps: S3Driver.StampPlace = .metadata,
      conditions: S3Driver.Conditions = .unused, multipartThreshold: Int = 16 << 20,
      abandonedUploads: Duration? = nil, endpoint: String? = nil, client: any HTTPClient = CurlClient.shared
    ) -> S3Driver {
      S3Driver(
        bucket: fact("bucket"), name: name, region: fact("region"), endpoint: endpoint ?? url, prefix: prefix,
        credentials: credentials ?? .fixed(self.credentials), stamps: stamps, conditions: conditions,
        multipartThreshold: multipartThreshold, partByteCount: 5 << 20, abandonedUploads: abandonedUploads,
        client: client)
    }
  }
#endif
