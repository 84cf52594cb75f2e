#if HTTP && SQLite
  import Foundation
  import MetaDriver
  import MetaDriverHTTP
  import MetaDriverS3
  import MetaDriverSQLite
  import MetaDriverWebDAV
  import ServerSupport

  /// Drivers of one test at real servers, in places that no other test has.
  final class Stores: Sendable {
    let folder: URL
    private let place = "test-\(UUID())"

    init() throws {
      folder = URL.temporaryDirectory.appending(path: "metadriver-\(place)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func sqlite(_ name: String = "sqlite") -> SQLiteDriver {
      SQLiteDriver(at: folder.appending(path: "\(name).sqlite").path, name: name, durability: .ordered)
    }

    func s3(_ server: Server, _ name: String = "s3", secret: String? = nil) -> S3Driver {
      S3Driver(
        bucket: server.fact("bucket"), name: name, region: server.fact("region"), endpoint: server.url, prefix: place,
        credentials: .fixed(
          S3Credentials(
            accessKeyID: server.fact("key"), secretAccessKey: Secret(secret ?? server.fact("secret")))),
        stamps: .envelope)
    }

    func webdav(_ server: Server, _ name: String = "webdav", password: String? = nil) -> WebDAVDriver {
      WebDAVDriver(
        at: "\(server.url)\(server.name.hasPrefix("nginx") ? "/dav" : "")/\(place)", name: name,
        credentials: .basic(user: server.fact("user"), password: Secret(password ?? server.fact("password"))))
    }
  }
#endif
