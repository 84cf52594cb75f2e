import Foundation

/// The environment of the process.
func environment() -> [String: String] { ProcessInfo.processInfo.environment }
