import MetaDriver
import MetaDriverDisk

/// The three lists of names, over folders of this machine.
@main struct StorageLists {
  static func main() async {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.contains("--help") || arguments.contains("-h") { return print(Options.usage) }
    do throws(Options.Mistake) {
      let options = try Options(arguments)
      do { end(try await run(options)) } catch let error as DriverError {
        let children = error.outcomes.map { "\n  \($0)" }.joined()
        StandardError.print("storage-lists: \(error.code): \(error.message)\(children)")
        end(2)
      } catch {
        StandardError.print("storage-lists: \(error)")
        end(error is CompositionError ? 64 : 2)
      }
    } catch {
      StandardError.print("storage-lists: \(error)\n\n\(Options.usage)")
      end(64)
    }
  }

  /// - Returns: The exit status.
  private static func run(_ options: Options) async throws -> Int32 {
    let names = options.drivers.filter { !options.missing.contains($0) }
    let drivers = names.map { ($0, DiskDriver(at: "\(options.root)/\($0)", name: $0).timeout(.seconds(10))) }
    let profiles = try Strategy(
      storageDrivers: options.drivers, requiredWrite: options.required, local: options.local,
      drivers: Dictionary(drivers) { first, _ in first }, form: options.form,
      visibility: options.isPrivate ? .privateData : .shared)

    switch options.command {
    case .show:
      print(profiles)
    case .put(let id):
      print(try await profiles.put(standardInput(), at: DataID(id)))
    case .delete(let id):
      print(try await profiles.delete(DataID(id)))
    case .get(let id):
      guard let record = try await profiles.get(DataID(id)) else {
        StandardError.print("storage-lists: nothing is stored as '\(id)'")
        return 1
      }
      standardOutput(record.bytes)
    }
    try await profiles.close()
    return 0
  }
}
