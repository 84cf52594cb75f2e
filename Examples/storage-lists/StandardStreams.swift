import Foundation

/// Everything that comes from standard input.
func standardInput() throws -> [UInt8] { Array(try FileHandle.standardInput.readToEnd() ?? Data()) }

/// Writes to standard output, byte for byte.
func standardOutput(_ bytes: [UInt8]) { FileHandle.standardOutput.write(Data(bytes)) }

/// Where errors go.
enum StandardError {
  static func print(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}

/// Ends the process.
func end(_ status: Int32) -> Never { exit(status) }
