import MetaDriver

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Something that keeps a command from being carried out at all.
struct Failure: Error, CustomStringConvertible {
  let description: String
}

@main struct Main {
  static func main() async {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.contains("--help") || arguments.contains("-h") {
      write(to: STDOUT_FILENO, Options.usage)
      return
    }
    do throws(Options.Mistake) {
      exit(await ReplicateFolder(options: try Options(arguments)).run())
    } catch {
      write(to: STDERR_FILENO, "replicate-folder: \(error)\n\n\(Options.usage)")
      exit(64)
    }
  }
}

/// One command, carried out.
struct ReplicateFolder {
  let options: Options

  /// - Returns: The exit status.
  func run() async -> Int32 {
    Interruption.watch()
    do {
      return switch options.command {
      case .put: try await put()
      case .get: try await get()
      case .verify: try await verify()
      case .delete: try await delete()
      case .handoff: try await handoff()
      case .scrub: try await scrub()
      }
    } catch {
      write(to: STDERR_FILENO, "replicate-folder: \(error)\n")
      return error is CompositionError || error is Options.Mistake ? 64 : 1
    }
  }

  /// Opens a folder that is no store.
  func open(_ path: String, creates: Bool = false) throws(Failure) -> Folder {
    if creates, unsafe mkdir(path, 0o777) < 0, errno != EEXIST {
      throw Failure(description: "cannot make the folder \(path): \(SystemError.last)")
    }
    do throws(SystemError) { return try Folder(at: path) } catch {
      throw Failure(description: "cannot open the folder \(path): \(error)")
    }
  }

  /// Refuses a store inside the folder that is put or restored, and the other way round: files would meet themselves.
  func checkApart(_ path: String, _ stores: [String]) throws(Failure) {
    let folder = "\(resolved(path))/"
    for store in stores {
      guard let place = Target(store).path else { continue }
      let resolved = "\(resolved(place))/"
      if folder.utf8.starts(with: resolved.utf8) || resolved.utf8.starts(with: folder.utf8) {
        throw Failure(description: "\(store) and \(path) lie one inside the other: give each a place of its own")
      }
    }
  }

  /// The path without symbolic links and dots; the last name need not exist.
  private func resolved(_ path: String) -> String {
    func real(_ path: String) -> String? {
      guard let real = unsafe realpath(path, nil) else { return nil }
      defer { unsafe free(real) }
      return unsafe String(cString: real)
    }
    let names = path.split(separator: "/")
    let parent = (path.hasPrefix("/") ? "/" : "./") + names.dropLast().joined(separator: "/")
    return real(path) ?? real(parent).map { "\($0)/\(names.last ?? "")" } ?? path
  }
}
