#if SQLite
  /// What a connection asks of the library again and again; each is prepared once.
  enum SQLiteQuery: Int, CaseIterable {
    case begin, commit, rollback
    /// Writes the first page as it is: the commit then waits for the device as every other.
    case touch
    case read, stat, list
    /// Under which number a key has its row.
    case number
    /// Writes unless what is stored may rank above: what has no stamp, or an older one, does not.
    case writeIfNewer
    case write, remove

    var text: String {
      switch self {
      case .begin: "BEGIN IMMEDIATE"
      case .commit: "COMMIT"
      case .rollback: "ROLLBACK"
      case .touch: "PRAGMA user_version = \(SQLiteSchema.version)"
      case .read:
        """
        SELECT stamp, parent, is_tombstone, checksum,
        CASE WHEN length(content) <= ?3 THEN content ELSE length(content) END, id
        FROM entry WHERE kind = ?1 AND name = ?2
        """
      case .number: "SELECT id FROM entry WHERE kind = ?1 AND name = ?2"
      case .stat: "SELECT stamp, is_tombstone, length(content) FROM entry WHERE kind = ?1 AND name = ?2"
      case .list:
        """
        SELECT name, stamp, is_tombstone, length(content) FROM entry
        WHERE kind = ?1 AND name >= ?2 AND name < ?3 ORDER BY name LIMIT ?4
        """
      case .writeIfNewer: "\(Self.upsert) WHERE entry.stamp IS NULL OR excluded.stamp > entry.stamp"
      case .write: Self.upsert
      case .remove: "DELETE FROM entry WHERE kind = ?1 AND name = ?2"
      }
    }

    private static let upsert = """
      INSERT INTO entry (kind, name, stamp, parent, is_tombstone, checksum, content) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (kind, name) DO UPDATE SET stamp = excluded.stamp, parent = excluded.parent,
      is_tombstone = excluded.is_tombstone, checksum = excluded.checksum, content = excluded.content
      """
  }
#endif
