#if HTTP
  import MetaDriver

  /// What a look at an object found.
  enum S3Copy {
    /// There is none.
    case absent
    /// One that cannot be read, why, and the tag of its version.
    case damaged(DriverError, tag: String)
    /// A sound one, as far as its first bytes say, the tag of its version, and the token of the write that made it.
    case sound(Stat, tag: String, token: String?)

    /// What it tells of the copy; throws why it cannot be read.
    func stat() throws(DriverError) -> Stat? {
      switch self {
      case .absent: nil
      case .damaged(let error, _): throw error
      case .sound(let stat, _, _): stat
      }
    }
  }
#endif
