import Foundation

#if HTTP && SQLite
  /// Reads your writes over a quorum of an SQLite file, an S3 bucket and a WebDAV folder.
  @main struct MultiCloud {
    static func main() async {
      do {
        try await Tour(try Settings(CommandLine.arguments.dropFirst())).run()
      } catch let mistake as Settings.Mistake {
        fail("multi-cloud: \(mistake)\n\n\(usage)", status: 64)
      } catch {
        fail("multi-cloud: \(error)\n", status: 1)
      }
    }

    private static let usage = """
      multi-cloud --servers FOLDER      stores at servers that Tests/servers started there, which are stopped and started
      multi-cloud --s3 BUCKET --webdav URL    stores of your own, which are only used: AWS_ACCESS_KEY_ID,
                                        AWS_SECRET_ACCESS_KEY, AWS_REGION, AWS_ENDPOINT_URL, WEBDAV_USER and
                                        WEBDAV_PASSWORD are taken from the environment

      """
  }
#else
  @main struct MultiCloud {
    static func main() {
      fail("multi-cloud is built with two traits: swift run --traits HTTP,SQLite multi-cloud\n", status: 64)
    }
  }
#endif

private func fail(_ text: String, status: Int32) -> Never {
  FileHandle.standardError.write(Data(text.utf8))
  exit(status)
}
