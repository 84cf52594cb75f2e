import MetaDriverTesting

/// Checks histories of reads and writes, from any system.
@main struct Main {
  static func main() {}
}
