import MetaDriver
import MetaDriverDisk

#if HTTP
  import MetaDriverEtcd
  import MetaDriverHTTP
  import MetaDriverS3
  import MetaDriverWebDAV
#endif
#if SQLite
  import MetaDriverSQLite
#endif

/// A place for copies, as the command line names it: a folder, or a URL.
///
/// | | |
/// |---|---|
/// | `copies`, `file:copies` | a folder |
/// | `sqlite:copies.sqlite` | an SQLite file |
/// | `s3://bucket/prefix?region=…&endpoint=https://…` | a bucket |
/// | `webdav://host/path`, `webdav+http://host/path` | a WebDAV folder, over HTTPS unless it says otherwise |
/// | `etcd://host:port,host:port/prefix` | an etcd cluster, over plain HTTP |
///
/// Secrets are never part of a URL, which is printed; they come from the environment: `AWS_ACCESS_KEY_ID` and its
/// siblings, `WEBDAV_USER`, `ETCD_USER`. Where several places need different ones, `#EU` at the end of a URL has
/// `EU_ACCESS_KEY_ID`, `EU_USER` and so on taken instead.
struct Target {
  /// The text as it was given.
  let text: String
  private let scheme: String
  private let rest: String
  /// What the names of its secrets begin with.
  private let login: String

  init(_ text: String) {
    self.text = text
    let scheme = text.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+") }
    // A colon may stand in the name of a folder: only these schemes are ones.
    let isURL = text.dropFirst(scheme.count).first == ":" && Self.schemes.contains(String(scheme))
    self.scheme = isURL ? String(scheme) : "file"
    let rest = isURL ? String(text.dropFirst(scheme.count + 1)) : text
    let parts = rest.split(separator: "#", omittingEmptySubsequences: false)
    guard let kind = Self.logins[self.scheme], parts.count == 2 else {
      (self.rest, login) = (rest, Self.logins[self.scheme] ?? "")
      return
    }
    (self.rest, login) = (String(parts[0]), parts[1].isEmpty ? kind : String(parts[1]))
  }

  private static let schemes = ["file", "sqlite"] + logins.keys
  private static let logins = ["s3": "AWS", "webdav": "WEBDAV", "webdav+http": "WEBDAV", "etcd": "ETCD"]

  /// Where it is on this machine; `nil` for what is elsewhere.
  var path: String? { ["file", "sqlite"].contains(scheme) ? rest : nil }

  /// The driver of the place.
  ///
  /// - Parameters:
  ///   - durability: What a write survives, where the driver lets one choose.
  ///   - maximumByteCount: The largest datum.
  ///   - creates: Whether what is not there is made, where the driver makes it.
  func driver(
    durability: Durability, maximumByteCount: Int, creates: Bool, environment: [String: String] = environment()
  ) throws(Options.Mistake) -> any Driver {
    if scheme == "file" {
      return DiskDriver(
        at: rest, name: text, durability: durability, maximumByteCount: maximumByteCount, createsFolder: creates)
    }
    guard !rest.contains("@") || scheme == "sqlite" else {
      throw Options.Mistake(description: "a URL has no user or password: they come from the environment")
    }
    #if SQLite
      if scheme == "sqlite" {
        return SQLiteDriver(
          at: rest, name: text, durability: durability, maximumByteCount: min(maximumByteCount, 999_000_000),
          createsFile: creates)
      }
    #endif
    #if HTTP
      switch scheme {
      case "s3": return try bucket(maximumByteCount, environment)
      case "etcd":
        let (members, prefix) = split(try authority())
        return EtcdDriver(
          at: members.split(separator: ",").map { "http://\($0)" }, name: text,
          prefix: prefix.isEmpty ? "metadriver/" : "\(prefix)/", credentials: credentials(environment))
      case "webdav", "webdav+http":
        return WebDAVDriver(
          at: "\(scheme == "webdav" ? "https" : "http"):\(rest)", name: text, credentials: credentials(environment),
          maximumByteCount: maximumByteCount)
      default: break
      }
    #endif
    throw Options.Mistake(
      description: "\(scheme): needs a build with a trait: swift run --traits HTTP,SQLite replicate-folder …")
  }

  /// What stands behind the two slashes.
  private func authority() throws(Options.Mistake) -> String {
    guard rest.hasPrefix("//"), rest.utf8.count > 2 else {
      throw Options.Mistake(description: "'\(text)' needs a name behind two slashes: \(scheme)://…")
    }
    return String(rest.dropFirst(2))
  }

  private func split(_ path: String) -> (first: String, rest: String) {
    let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
  }

  #if HTTP
    private func bucket(
      _ maximumByteCount: Int, _ environment: [String: String]
    ) throws(Options.Mistake) -> any Driver {
      let parts = try authority().split(separator: "?", maxSplits: 1).map(String.init)
      let (bucket, prefix) = split(parts[0])
      var settings: [String: String] = [:]
      for field in parts.count > 1 ? parts[1].split(separator: "&") : [] {
        let pair = field.split(separator: "=", maxSplits: 1).map(String.init)
        guard pair.count == 2, ["region", "endpoint"].contains(pair[0]) else {
          throw Options.Mistake(description: "'\(field)' is neither region=… nor endpoint=…")
        }
        settings[pair[0]] = pair[1]
      }
      guard let id = environment["\(login)_ACCESS_KEY_ID"], let secret = environment["\(login)_SECRET_ACCESS_KEY"]
      else {
        throw Options.Mistake(
          description: "\(text) needs \(login)_ACCESS_KEY_ID and \(login)_SECRET_ACCESS_KEY in the environment")
      }
      let credentials = S3Credentials(
        accessKeyID: id, secretAccessKey: Secret(secret),
        sessionToken: environment["\(login)_SESSION_TOKEN"].map(Secret.init))
      return S3Driver(
        bucket: bucket, name: text, region: settings["region"] ?? environment["AWS_REGION"] ?? "us-east-1",
        endpoint: settings["endpoint"] ?? environment["AWS_ENDPOINT_URL"], prefix: prefix,
        credentials: .fixed(credentials), stamps: .envelope, maximumByteCount: maximumByteCount)
    }

    /// The user and the password, where the environment has them.
    private func credentials(_ environment: [String: String]) -> HTTPCredentials? {
      guard let user = environment["\(login)_USER"], let password = environment["\(login)_PASSWORD"] else { return nil }
      return .basic(user: user, password: Secret(password))
    }
  #endif
}
