import MetaDriver

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many files are under way at once. Large ones are few at a time, because a file is held in memory.
private let width = 16
private let largeWidth = 2
private let largeByteCount = 32 << 20

extension ReplicateFolder {
  /// Stores every file below a folder.
  func put() async throws -> Int32 {
    let source = options["--from"] ?? ""
    let folder = try open(source)
    let stores = try Stores(options.all("--to"), write: options.number("--write"), creates: true, options: options)
    try checkApart(source, options.all("--to"))
    let report = Report(stores.names, limit: options.problems)
    try await stores.strategy.open()

    let tree = FileTree(below: folder)
    for (path, what) in tree.skipped { report.passOver(FileID.id(of: path), what) }
    for (path, why) in tree.unreadable { report.problem(path.isEmpty ? source : FileID.id(of: path), "\(why)") }
    await eachFile(tree.files, size: \.byteCount, report) { file in
      let id = FileID.id(of: file.path)
      guard file.byteCount <= Stores.maximumByteCount else {
        return report.problem(id, "it has \(file.byteCount) bytes, the limit is \(Stores.maximumByteCount)")
      }
      do {
        let bytes = try folder.read(file.path)
        report.note(try await stores.strategy.put(bytes, at: DataID(id)).children)
        return .done(byteCount: bytes.count)
      } catch let error as DriverError {
        report.note(error.outcomes)
        return report.problem(id, error.message)
      } catch { return report.problem(id, "\(error)") }
    }
    return await end("put", stores, report, of: tree.files.count)
  }

  /// Writes every file that is stored, in its newest version, below a folder.
  func get() async throws -> Int32 {
    let target = options["--into"] ?? ""
    let folders = options.all("--from")
    let report = Report(folders, limit: options.problems)
    let stores = try Stores(
      folders, read: options.number("--read"), creates: false, options: options,
      observer: ReadTally(report, names: folders))
    try checkApart(target, folders)
    let found = try await stores.list(prefix: options["--prefix"] ?? "", report: report)
    let folder = try open(target, creates: true)

    await eachFile(found, size: \.byteCount, report) { id, _ in
      do {
        guard let path = FileID.path(of: id.string) else {
          return report.problem(FileID.shown(id.string), "it is not the id of a file below a folder: refused")
        }
        if let record = try await stores.strategy.get(id) {
          try folder.write(record.bytes, to: path)
          return .done(byteCount: record.bytes.count)
        }
        let copies = await stores.copies(of: id)
        if copies.newest?.isTombstone == true { return .deletedBefore }
        return report.problem(id.string, "too few folders hold a good copy: \(describe(copies, stores))")
      } catch let error as DriverError {
        return report.problem(
          id.string, "\(error.message): \(error.outcomes.map(\.description).joined(separator: "; "))")
      } catch { return report.problem(id.string, "\(error)") }
    }
    // Once for all files: waiting for the device after each would take most of the time.
    sync()
    return await end("got", stores, report, of: found.count)
  }

  /// Deletes the files whose ids begin with a prefix, for good.
  func delete() async throws -> Int32 {
    let stores = try Stores(options.all("--from"), write: options.number("--write"), creates: false, options: options)
    let report = Report(stores.names, limit: options.problems)
    let found = try await stores.list(prefix: options["--prefix"] ?? "", report: report)
    await eachFile(found, size: { _ in 0 }, report) { id, _ in
      do throws(DriverError) {
        report.note(try await stores.strategy.delete(id).children)
        return .done(byteCount: 0)
      } catch {
        report.note(error.outcomes)
        return report.problem(FileID.shown(id.string), error.message)
      }
    }
    return await end("deleted", stores, report, of: found.count)
  }

  /// Does something with every file, the large ones after the others.
  func eachFile<Item: Sendable>(
    _ items: [Item], size: (Item) -> Int, _ report: Report, _ body: @escaping @Sendable (Item) async -> Ending
  ) async {
    let items = items.map { (item: $0, byteCount: size($0)) }
    let total = items.count
    for (isLarge, width) in [(false, width), (true, largeWidth)] {
      await forEach(items.filter { ($0.byteCount >= largeByteCount) == isLarge }, atOnce: width) { item, _ in
        report.finish(await body(item), of: total)
      }
    }
  }

  /// Closes the stores and prints the summary.
  ///
  /// - Returns: The exit status.
  func end(_ what: String, _ stores: Stores, _ report: Report, of total: Int) async -> Int32 {
    do throws(DriverError) { try await stores.strategy.close() } catch { report.problem("closing", "\(error)") }
    report.summarize(what, of: total)
    return Interruption.isRequested ? 130 : report.hasProblems ? 1 : 0
  }
}
