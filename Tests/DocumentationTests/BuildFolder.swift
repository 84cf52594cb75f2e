private import Foundation

/// Where the modules are that this test was built with.
struct BuildFolder {
  private final class Marker {}

  /// What a test that compiles something cannot do without.
  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  /// The root of the package.
  static var package: String { #filePath.components(separatedBy: "/").dropLast(3).joined(separator: "/") }

  let path: String

  /// Goes up from this program until the modules are there.
  static func find() throws -> BuildFolder {
    let start = Bundle(for: Marker.self).executableURL ?? Bundle.main.bundleURL
    var folder = start
    while folder.path != "/" {
      folder.deleteLastPathComponent()
      if FileManager.default.fileExists(atPath: folder.appending(path: "Modules/MetaDriver.swiftmodule").path) {
        return BuildFolder(path: folder.path)
      }
    }
    throw Missing(description: "no Modules/MetaDriver.swiftmodule above \(start.path)")
  }

  /// What tells the compiler of the modules.
  var importFlags: [String] {
    let system = BuiltModules.guarded.flatMap(\.libraries).map { "\(Self.package)/Sources/\($0)/module.modulemap" }
    let maps = ["\(path)/CMetaDriverDisk.build/module.modulemap"] + system
    return ["-I", "\(path)/Modules"] + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0)"] }
  }

  /// The object files of the library's modules. Those of sources that were renamed stay in the folder, and are left out.
  var objects: [String] {
    get throws {
      try (BuiltModules.all + ["CMetaDriverDisk"]).flatMap { module in
        let folder = "\(path)/\(module).build"
        let sources = try FileManager.default.subpathsOfDirectory(atPath: "\(Self.package)/Sources/\(module)")
        let names = Set(sources.map { "\(($0 as NSString).lastPathComponent).o" })
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter(names.contains).sorted()
          .map { "\(folder)/\($0)" }
      }
    }
  }
}
