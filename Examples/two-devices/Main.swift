import Foundation
import MetaDriver

/// Two devices, whose clocks are 50 seconds apart, write the same data to the same three stores.
///
/// ```
/// two-devices                                    what happens when two processes do it
/// two-devices DEVICE SECONDS FOLDER put ID TEXT  what one of them does: its clock is SECONDS ahead
/// two-devices DEVICE SECONDS FOLDER churn COUNT  puts and deletes, as fast as it can
/// two-devices DEVICE SECONDS FOLDER show         what it sees
/// ```
@main struct Main {
  static func main() async {
    let words = Array(CommandLine.arguments.dropFirst())
    do {
      if words.isEmpty { return try await Tour.run() }
      guard words.count >= 4, let seconds = Int(words[1]), (-1_000_000...1_000_000).contains(seconds) else { usage() }
      let device = try Device(words[0], clockIsAheadBy: .seconds(seconds), folder: words[2])
      let rest = words[4...]
      switch words[3] {
      case "put" where rest.count == 2: print(try await device.put(rest[5], at: rest[4]))
      case "churn" where rest.count == 1:
        guard let count = Int(rest[4]), (1...100_000).contains(count) else { usage() }
        print(try await device.churn(count))
      case "show" where rest.isEmpty: for line in try await device.show() { print(line) }
      default: usage()
      }
      try await device.strategy.close()
    } catch {
      FileHandle.standardError.write(Data("two-devices: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func usage() -> Never {
    let usage = """
      usage: two-devices
             two-devices DEVICE SECONDS FOLDER put ID TEXT
             two-devices DEVICE SECONDS FOLDER churn COUNT
             two-devices DEVICE SECONDS FOLDER show
      SECONDS is how far the device's clock is ahead, -30 to 30

      """
    FileHandle.standardError.write(Data(usage.utf8))
    exit(64)
  }
}
