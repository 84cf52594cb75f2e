import MetaDriver
import Synchronization

extension ReplicateFolder {
  /// Looks at every copy of every file, and says which are good.
  func verify() async throws -> Int32 {
    let stores = try Stores(options.all("--from"), read: options.number("--read"), creates: false, options: options)
    let report = Report(stores.names, limit: options.problems)
    let original = try options["--against"].map { path throws(Failure) in (folder: try open(path), path: path) }
    let prefix = options["--prefix"] ?? ""
    let found = try await stores.list(prefix: prefix, report: report)
    var originals: Set<FilePath> = []
    if let original {
      let tree = FileTree(below: original.folder)
      for (path, why) in tree.unreadable { report.problem(FileID.id(of: path), "\(why)") }
      originals = Set(tree.files.map(\.path).filter { FileID.id(of: $0).utf8.starts(with: prefix.utf8) })
    }

    let stored = Mutex<Set<FilePath>>([])
    await eachFile(found, size: \.byteCount, report) { [originals] id, _ in
      let name = FileID.shown(id.string)
      let copies = await stores.copies(of: id)
      let newest = copies.newest
      for (store, copy) in zip(stores.names, copies) {
        let (word, reason) = describe(copy, newest: newest)
        report.note(store, word, because: reason)
      }
      let path = FileID.path(of: id.string)
      if let path, newest?.isTombstone == false { stored.withLock { _ = $0.insert(path) } }
      guard isSafe(copies, newest: newest, holders: stores.write) else {
        return report.problem(
          name, "it has fewer than \(stores.write) good copies: \(describe(copies, stores))")
      }
      guard let newest, !newest.isTombstone else { return .deletedBefore }
      guard let original else { return .done(byteCount: newest.bytes.count) }
      guard let path, originals.contains(path) else {
        return report.problem(name, "stored, and not in \(original.path)")
      }
      do throws(SystemError) {
        let isSame = try original.folder.read(path) == newest.bytes
        return isSame
          ? .done(byteCount: newest.bytes.count)
          : report.problem(name, "what is stored differs from what is in \(original.path)")
      } catch { return report.problem(name, "\(error)") }
    }
    if let original, !Interruption.isRequested {
      for path in originals.subtracting(stored.withLock { $0 }) {
        report.problem(FileID.id(of: path), "in \(original.path), and not stored")
      }
    }
    return await end("verified", stores, report, of: found.count)
  }

  private func describe(_ copy: Copy, newest: Record?) -> (word: String, reason: String?) {
    switch copy {
    case .good(let record) where newest.map({ $0.ranksAbove(record) }) ?? false: ("older", nil)
    case .good(let record): (record.isTombstone ? "deleted" : "good", nil)
    case .missing: ("missing", nil)
    case .unreadable(let error): ("\(error.code)", error.message)
    }
  }

  /// Whether so many folders hold the newest copy that every read meets one, or nobody holds anything to go wrong with.
  private func isSafe(_ copies: [Copy], newest: Record?, holders: Int) -> Bool {
    if copies.count(where: { $0.record == newest && newest != nil }) >= holders { return true }
    let isGone = copies.allSatisfy { $0.record?.isTombstone ?? ($0.error == nil) }
    return newest?.isTombstone == true && isGone
  }

  /// What every folder holds of a file, in a few words.
  func describe(_ copies: [Copy], _ stores: Stores) -> String {
    let newest = copies.newest
    return zip(stores.names, copies).map { "\($0) \(describe($1, newest: newest).word)" }.joined(separator: ", ")
  }
}
