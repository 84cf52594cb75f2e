#if HTTP
  /// What a server was found to do with conditional requests. Pure.
  struct ConditionProof: Equatable, Sendable {
    /// Whether it refuses every put that it has to refuse, and takes those that it has to take.
    var puts = false
    /// The same of deletes.
    var deletes = false
    /// Whether it wants tags with their quotes, as the standard has it.
    var quotesTags = true
    /// What it did that it should not have done; empty where there is nothing.
    var fault = ""

    /// Whether a driver may rely on these conditions.
    func bears(_ conditions: S3Driver.Conditions) -> Bool {
      switch conditions {
      case .unused: true
      case .puts: puts
      case .putsAndDeletes: puts && deletes
      }
    }

    /// What a driver can rely on.
    var conditions: S3Driver.Conditions { puts ? deletes ? .putsAndDeletes : .puts : .unused }
  }
#endif
