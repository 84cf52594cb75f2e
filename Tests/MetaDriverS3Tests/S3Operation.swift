#if HTTP
  import MetaDriver
  import MetaDriverS3
  import Testing

  /// One thing to do with an S3 store while its network breaks.
  enum S3Operation: String, CaseIterable {
    case get, stat, list, put, putInParts, bury, delete, create, replace

    static let key: Key = "k"
    private static let old = record(1, byteCount: 2_000)

    private static func record(_ byte: UInt8, byteCount: Int) -> Record {
      Record([UInt8](repeating: byte, count: byteCount), stamp: Runtime.shared.nextStamp())
    }

    /// Whether it changes nothing.
    var isRead: Bool { self == .get || self == .stat || self == .list }

    /// What it relies on.
    var conditions: S3Driver.Conditions { self == .create || self == .replace ? .puts : .unused }

    /// How many requests it takes where nothing breaks.
    var requestCount: Int {
      switch self {
      case .get, .stat, .put: 1
      case .list, .bury, .delete, .create: 2
      case .replace: 3
      case .putInParts: 4
      }
    }

    /// What is there before.
    var before: Record? { self == .create ? nil : Self.old }

    /// What is there afterwards: another record each time, where it writes one.
    func after() -> Record? {
      switch self {
      case .get, .stat, .list: Self.old
      case .put, .create, .replace: Self.record(2, byteCount: 1_500)
      // Without a stamp, because the digest of an envelope takes long in a build without optimisation.
      case .putInParts: Record([UInt8](repeating: 3, count: 6 << 20))
      case .bury: .tombstone(stamp: Runtime.shared.nextStamp())
      case .delete: nil
      }
    }

    /// Does it, and looks at the answer.
    func run(_ driver: S3Driver, _ after: Record?, in context: Context) async throws(DriverError) {
      let record = after ?? Record([])
      switch self {
      case .get: #expect(try await driver.get(Self.key, in: context) == Self.old)
      case .stat: #expect(try await driver.stat(Self.key, in: context) == Stat(of: Self.old))
      case .list:
        let page = try await driver.list(ListRequest(), in: context)
        #expect(page.entries == [Page.Entry(Self.key, Stat(of: Self.old))] && page.next == nil)
      case .put, .putInParts, .bury: #expect(try await driver.put(record, at: Self.key, in: context).isAcknowledged)
      case .delete: #expect(try await driver.delete(Self.key, proof: nil, in: context).isAcknowledged)
      case .create: #expect(try await driver.put(record, at: Self.key, if: .absent, in: context).isAcknowledged)
      case .replace:
        let condition = Precondition.unchanged(since: Self.old)
        #expect(try await driver.put(record, at: Self.key, if: condition, in: context).isAcknowledged)
      }
    }
  }

  extension Receipt {
    fileprivate var isAcknowledged: Bool { result.isAcknowledged }
  }
#endif
