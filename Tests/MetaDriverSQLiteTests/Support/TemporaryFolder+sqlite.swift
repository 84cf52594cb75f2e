#if SQLite
  import MetaDriver
  import MetaDriverSQLite
  import TestSupport

  extension TemporaryFolder {
    /// A driver of the store, as fast as it can be: most tests do not cut the power.
    func sqlite(_ durability: Durability = .none) -> SQLiteDriver {
      SQLiteDriver(at: store, name: "sqlite", durability: durability)
    }
  }
#endif
