import MetaDriver
import MetaDriverDisk

@main struct DiskCrashWriter {
  static func main() async {}
}
