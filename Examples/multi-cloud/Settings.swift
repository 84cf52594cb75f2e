#if HTTP && SQLite
  import Foundation
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverS3
  import MetaDriverWebDAV

  /// Where the two clouds are, and whether they may be stopped.
  struct Settings {
    /// A command line, or an environment, that says too little.
    struct Mistake: Error, CustomStringConvertible { let description: String }

    let s3: S3Driver
    let webdav: WebDAVDriver
    /// The servers, where the tour may stop and start them.
    let servers: (s3: LocalServer, webdav: LocalServer)?

    init(_ words: some Sequence<String>) throws(Mistake) {
      var values: [String: String] = [:]
      var rest = Array(words)[...]
      while let option = rest.popFirst() {
        guard ["--servers", "--s3", "--webdav"].contains(option), let value = rest.popFirst() else {
          throw Mistake(description: "'\(option)' is no option with a value")
        }
        values[option] = value
      }
      switch (values["--servers"], values["--s3"], values["--webdav"]) {
      case (let folder?, nil, nil): try self.init(servers: folder)
      case (nil, let bucket?, let folder?): try self.init(bucket: bucket, folder: folder)
      default: throw Mistake(description: "say --servers, or both --s3 and --webdav")
      }
    }

    /// Two servers on this machine.
    private init(servers folder: String) throws(Mistake) {
      let s3 = try LocalServer("rclone-s3", in: folder)
      let webdav = try LocalServer("nginx", in: folder)
      let run = "multi-cloud-\(UUID())"
      self.s3 = S3Driver(
        bucket: s3.fact("bucket"), name: "s3", region: s3.fact("region"), endpoint: s3.fact("url"), prefix: run,
        credentials: .fixed(S3Credentials(accessKeyID: s3.fact("key"), secretAccessKey: Secret(s3.fact("secret")))),
        // This server forgets metadata when it is stopped.
        stamps: .envelope)
      self.webdav = WebDAVDriver(
        at: "\(webdav.fact("url"))/dav/\(run)", name: "webdav",
        credentials: .basic(user: webdav.fact("user"), password: Secret(webdav.fact("password"))))
      servers = (s3, webdav)
    }

    /// Two stores of the caller's own, with their secrets in the environment.
    private init(bucket: String, folder: String) throws(Mistake) {
      func secret(_ name: String) throws(Mistake) -> String {
        guard let value = ProcessInfo.processInfo.environment[name] else {
          throw Mistake(description: "\(name) is not in the environment")
        }
        return value
      }
      s3 = S3Driver(
        bucket: bucket, name: "s3", region: (try? secret("AWS_REGION")) ?? "us-east-1",
        endpoint: try? secret("AWS_ENDPOINT_URL"), prefix: "multi-cloud",
        credentials: .fixed(
          S3Credentials(
            accessKeyID: try secret("AWS_ACCESS_KEY_ID"), secretAccessKey: Secret(try secret("AWS_SECRET_ACCESS_KEY"))))
      )
      webdav = WebDAVDriver(
        at: folder, name: "webdav",
        credentials: .basic(user: try secret("WEBDAV_USER"), password: Secret(try secret("WEBDAV_PASSWORD"))))
      servers = nil
    }
  }
#endif
