// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "swift-metadriver",
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "MetaDriver", targets: ["MetaDriver"]),
    .library(name: "MetaDriverDisk", targets: ["MetaDriverDisk"]),
    .library(name: "MetaDriverAnalysis", targets: ["MetaDriverAnalysis"]),
    .library(name: "MetaDriverTesting", targets: ["MetaDriverTesting"]),
    .library(name: "MetaDriverSQLite", targets: ["MetaDriverSQLite"]),
    .library(name: "MetaDriverHTTP", targets: ["MetaDriverHTTP"]),
    .library(name: "MetaDriverWebDAV", targets: ["MetaDriverWebDAV"]),
    .library(name: "MetaDriverS3", targets: ["MetaDriverS3"]),
    .library(name: "MetaDriverEtcd", targets: ["MetaDriverEtcd"]),
  ],
  // Each stands on C libraries that must be there to build with it. None is on unless somebody asks for it.
  traits: [
    .trait(name: "SQLite", description: "SQLiteDriver, over libsqlite3"),
    .trait(
      name: "HTTP", description: "HTTPDriver, WebDAVDriver, S3Driver and EtcdDriver, over libcurl and libcrypto"),
    .default(enabledTraits: Context.environment["ENABLE_ALL_TRAITS"] == nil ? [] : ["SQLite", "HTTP"]),
  ],
  targets: [
    .target(name: "MetaDriver"),
    .target(name: "CMetaDriverDisk"),
    .target(name: "MetaDriverDisk", dependencies: ["MetaDriver", "CMetaDriverDisk"]),
    .target(name: "MetaDriverAnalysis", dependencies: ["MetaDriver"]),
    .target(name: "MetaDriverTesting", dependencies: ["MetaDriver"]),

    .systemLibrary(name: "CMetaDriverSQLite"),
    .target(
      name: "MetaDriverSQLite",
      dependencies: [
        "MetaDriver", "MetaDriverDisk", .target(name: "CMetaDriverSQLite", condition: .when(traits: ["SQLite"])),
      ]),
    .systemLibrary(name: "CMetaDriverCurl"),
    .target(
      name: "MetaDriverHTTP",
      dependencies: ["MetaDriver", .target(name: "CMetaDriverCurl", condition: .when(traits: ["HTTP"]))]),
    .target(name: "MetaDriverWebDAV", dependencies: ["MetaDriver", "MetaDriverHTTP"]),
    .systemLibrary(name: "CMetaDriverCrypto"),
    .target(
      name: "MetaDriverS3",
      dependencies: [
        "MetaDriver", "MetaDriverHTTP",
        // Apple's systems bring a cryptography of their own.
        .target(name: "CMetaDriverCrypto", condition: .when(platforms: [.linux], traits: ["HTTP"])),
      ]),
    .target(name: "MetaDriverEtcd", dependencies: ["MetaDriver", "MetaDriverHTTP"]),

    .executableTarget(name: "quickstart", dependencies: ["MetaDriver", "MetaDriverDisk"], path: "Examples/quickstart"),
    .executableTarget(
      name: "replicate-folder",
      dependencies: [
        "MetaDriver", "MetaDriverDisk", "MetaDriverEtcd", "MetaDriverHTTP", "MetaDriverS3", "MetaDriverSQLite",
        "MetaDriverWebDAV",
      ],
      path: "Examples/replicate-folder"),
    .executableTarget(
      name: "storage-lists", dependencies: ["MetaDriver", "MetaDriverDisk"], path: "Examples/storage-lists"),
    .executableTarget(
      name: "custom-driver", dependencies: ["MetaDriver", "MetaDriverDisk"], path: "Examples/custom-driver"),
    .executableTarget(
      name: "check-history", dependencies: ["MetaDriver", "MetaDriverTesting"], path: "Examples/check-history"),
    .executableTarget(
      name: "two-devices", dependencies: ["MetaDriver", "MetaDriverDisk"], path: "Examples/two-devices"),
    .executableTarget(
      name: "multi-cloud",
      dependencies: ["MetaDriver", "MetaDriverHTTP", "MetaDriverS3", "MetaDriverSQLite", "MetaDriverWebDAV"],
      path: "Examples/multi-cloud"),
    .executableTarget(
      name: "strategy-lab", dependencies: ["MetaDriver", "MetaDriverAnalysis", "MetaDriverTesting"],
      path: "Examples/strategy-lab"),
    .executableTarget(
      name: "benchmarks",
      dependencies: [
        "MetaDriver", "MetaDriverAnalysis", "MetaDriverDisk", "MetaDriverEtcd", "MetaDriverHTTP", "MetaDriverS3",
        "MetaDriverSQLite",
        "MetaDriverTesting", "MetaDriverWebDAV", "CBenchmarkSupport",
      ],
      path: "Examples/benchmarks"),
    .target(
      name: "CBenchmarkSupport", path: "Examples/CBenchmarkSupport",
      cSettings: [
        .define("METADRIVER_SQLITE", .when(traits: ["SQLite"])), .define("BENCHMARK_HTTP", .when(traits: ["HTTP"])),
      ],
      linkerSettings: [.linkedLibrary("curl", .when(traits: ["HTTP"]))]),

    .target(name: "TestSupport", dependencies: ["MetaDriver", "MetaDriverTesting"], path: "Tests/TestSupport"),
    .testTarget(name: "MetaDriverTests", dependencies: ["MetaDriver", "MetaDriverTesting", "TestSupport"]),
    .testTarget(
      name: "MetaDriverAnalysisTests",
      dependencies: ["MetaDriver", "MetaDriverAnalysis", "MetaDriverTesting", "SimulationScenarios", "TestSupport"],
      exclude: ["Reference"]),
    .target(
      name: "SimulationScenarios", dependencies: ["MetaDriver", "MetaDriverAnalysis", "MetaDriverTesting"],
      path: "Tests/SimulationScenarios"),
    .executableTarget(
      name: "SimulationRunner",
      dependencies: ["MetaDriver", "MetaDriverAnalysis", "MetaDriverTesting", "SimulationScenarios"],
      path: "Tests/SimulationRunner"),
    .testTarget(
      name: "MetaDriverTestingTests",
      dependencies: [
        "MetaDriver", "MetaDriverDisk", "MetaDriverTesting", "SimulationRunner", "SimulationScenarios", "TestSupport",
      ],
      exclude: ["Reference"]),
    .executableTarget(
      name: "CrashWriter", dependencies: ["MetaDriver", "MetaDriverDisk", "MetaDriverSQLite"],
      path: "Tests/CrashWriter"),
    .testTarget(
      name: "MetaDriverDiskTests", dependencies: ["MetaDriver", "MetaDriverDisk", "CrashWriter", "TestSupport"]),
    .target(
      name: "ServerSupport", dependencies: ["MetaDriver", "MetaDriverHTTP", "MetaDriverTesting", "TestSupport"],
      path: "Tests/ServerSupport"),
    .testTarget(
      name: "MetaDriverSQLiteTests",
      dependencies: [
        "MetaDriver", "MetaDriverDisk", "MetaDriverSQLite", "MetaDriverTesting", "CrashWriter", "TestSupport",
      ]),
    .testTarget(
      name: "MetaDriverHTTPTests",
      dependencies: [
        "MetaDriver", "MetaDriverDisk", "MetaDriverHTTP", "MetaDriverTesting", "ServerSupport", "TestSupport",
      ]),
    .testTarget(
      name: "MetaDriverWebDAVTests",
      dependencies: [
        "MetaDriver", "MetaDriverHTTP", "MetaDriverWebDAV", "MetaDriverTesting", "ServerSupport", "TestSupport",
      ]),
    .testTarget(
      name: "MetaDriverS3Tests",
      dependencies: [
        "MetaDriver", "MetaDriverHTTP", "MetaDriverS3", "MetaDriverTesting", "ServerSupport", "TestSupport",
      ]),
    .testTarget(
      name: "MetaDriverEtcdTests",
      dependencies: [
        "MetaDriver", "MetaDriverHTTP", "MetaDriverEtcd", "MetaDriverTesting", "ServerSupport", "TestSupport",
      ]),
    .testTarget(
      name: "StoreTests",
      dependencies: [
        "MetaDriver", "MetaDriverDisk", "MetaDriverEtcd", "MetaDriverHTTP", "MetaDriverS3", "MetaDriverSQLite",
        "MetaDriverTesting", "MetaDriverWebDAV", "ServerSupport", "TestSupport",
      ]),
    .testTarget(
      name: "ExampleTests",
      dependencies: [
        "MetaDriver", "MetaDriverDisk", "MetaDriverTesting", "TestSupport", "quickstart", "replicate-folder",
        "storage-lists",
        "custom-driver", "check-history", "two-devices", "multi-cloud", "strategy-lab", "ServerSupport",
      ],
      exclude: ["Expected"]),
    .testTarget(
      name: "DocumentationTests",
      dependencies: [
        "MetaDriver", "MetaDriverAnalysis", "MetaDriverDisk", "MetaDriverEtcd", "MetaDriverHTTP", "MetaDriverS3",
        "MetaDriverSQLite",
        "MetaDriverTesting", "MetaDriverWebDAV", "TestSupport",
      ]),
  ]
)

// The documentation plugin cannot sit behind a trait, so it is added only where documentation is being built:
// everyone else resolves no package at all.
if Context.environment["DOCS"] != nil {
  package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"))
}

for target in package.targets where target.type != .system && target.type != .plugin {
  target.swiftSettings =
    (target.swiftSettings ?? []) + [
      .swiftLanguageMode(.v6),
      .enableUpcomingFeature("ExistentialAny"),
      .enableUpcomingFeature("InternalImportsByDefault"),
      .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
      .strictMemorySafety(),
      .treatAllWarnings(as: .error),
    ]
}

// The sanitizer does not follow the standard library's mutex on Linux: a build for it has one of the package's own, which
// files then use without importing the module that it comes from.
let isForThreadSanitizer = Context.environment["SANITIZE_THREAD"] != nil
for target in package.targets where target.type != .system && target.type != .plugin {
  if isForThreadSanitizer {
    target.swiftSettings?.append(.define("SANITIZE_THREAD"))
  } else if target.name != "MetaDriver" {
    // In release builds of the core the compiler (6.3) attributes `timespec` to a module that nobody imports.
    target.swiftSettings?.append(.enableUpcomingFeature("MemberImportVisibility"))
  }
}
