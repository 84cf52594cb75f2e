#if SQLite
  import CMetaDriverSQLite
  import MetaDriver

  #if canImport(Darwin)
    private import Darwin
  #elseif canImport(Glibc)
    private import Glibc
  #elseif canImport(Musl)
    private import Musl
  #endif

  /// Why the library could not do what it was asked.
  struct SQLiteFailure: Error, Hashable, CustomStringConvertible {
    /// Its extended result code.
    let code: Int32
    /// What the system said to it; 0 where it said nothing.
    let systemCode: Int32
    /// Its words.
    let description: String

    init(code: Int32, systemCode: Int32 = 0, description: String) {
      self.code = code
      self.systemCode = systemCode
      self.description = description
    }

    /// What the library itself did not see.
    init(damage: String) { self.init(code: SQLITE_CORRUPT, description: damage) }

    private var kind: Int32 { code & 0xff }

    /// Whether another connection, mostly another process, is in the way.
    var isBusy: Bool { [SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL].contains(kind) }

    /// Whether a file could not be opened or made.
    var isAboutFiles: Bool { kind == SQLITE_CANTOPEN || kind == SQLITE_READONLY }

    /// What a change has come to if this is how its commit failed. A commit that found no room was not written to its
    /// end; one that the device failed may be there when the file is opened the next time.
    var effectOfCommit: DriverError.Effect {
      [SQLITE_FULL, SQLITE_BUSY, SQLITE_LOCKED, SQLITE_READONLY, SQLITE_TOOBIG].contains(kind) ? .unchanged : .unknown
    }

    /// The driver's error for it.
    ///
    /// - Parameters:
    ///   - attempt: What could not be done, as in "cannot write to …".
    ///   - path: The file concerned.
    ///   - effect: Whether the store may have changed.
    func error(_ attempt: String, _ path: String, effect: DriverError.Effect = .unchanged) -> DriverError {
      let (code, mend) = meaning
      return DriverError(
        code, "cannot \(attempt) \(path): \(words)\(mend.map { "; \($0)" } ?? "")", effect: effect)
    }

    private var words: String {
      systemCode == 0 ? description : unsafe "\(description), \(String(cString: strerror(systemCode)))"
    }

    private var meaning: (DriverError.Code, mend: String?) {
      switch kind {
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL:
        (.throttled, "another process, or another driver of this file, has it to itself")
      case SQLITE_FULL: (.noSpace, "free some space on its file system")
      case SQLITE_NOTADB:
        (.corrupt, "it is no SQLite database, or its beginning is damaged: give the driver another path")
      case SQLITE_CORRUPT: (.corrupt, "it is damaged: put back a copy of it, or begin a new one and repair that")
      case SQLITE_READONLY: (.denied, "the file, or its folder, may only be read: give this process's user the right")
      case SQLITE_PERM, SQLITE_AUTH: (.denied, "give this process's user the right to it")
      case SQLITE_TOOBIG: (.tooLarge, nil)
      case SQLITE_NOMEM: (.throttled, nil)
      case SQLITE_CANTOPEN, SQLITE_IOERR: systemMeaning
      default: (.unavailable, nil)
      }
    }

    private var systemMeaning: (DriverError.Code, mend: String?) {
      switch systemCode {
      case ENOSPC, EDQUOT, EFBIG:
        (.noSpace, "free some space on its file system, or raise this user's quota, or this process's limit")
      case EACCES, EPERM, EROFS: (.denied, "give this process's user the right to it, and to its folder")
      case EMFILE, ENFILE: (.throttled, "this process, or the system, has too many files open")
      case ENOMEM: (.throttled, nil)
      default: (.unavailable, "look at its device, its folder, this user's quota, and this process's limits")
      }
    }
  }
#endif
